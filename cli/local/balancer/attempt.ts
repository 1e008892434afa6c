import type { ServerResponse } from 'node:http';
import { type Dispatcher, errors } from 'undici';
import { answeredHeaders } from './headers.ts';
import { balancerLimits } from './limits.ts';
import type { BalancedNode } from './nodes.ts';
import type { RequestBody } from './request-body.ts';

export interface ForwardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: RequestBody;
}

/** How one try on one node ended. */
export type AttemptOutcome =
  /** The answer went to the client, or the client has gone, or an answer that had begun broke off with its connection. */
  | { readonly kind: 'over' }
  /** The connection died before anything went to the client; `wasSent` tells whether the node may have seen it. */
  | { readonly kind: 'lost'; readonly wasSent: boolean }
  | { readonly kind: 'overdue' }
  /** The node answers 503: another may do better, else `pass` gives the client this answer. */
  | { readonly kind: 'unavailable'; readonly pass: () => void }
  /** The request cannot be written as HTTP. */
  | { readonly kind: 'invalid'; readonly reason: string };

/** Sends the request to one node and its answer to the client. Small answers are passed on only when complete. */
export function attempt(
  node: BalancedNode,
  request: ForwardedRequest,
  response: ServerResponse,
): Promise<AttemptOutcome> {
  return new Promise((resolve) => {
    node.outstanding += 1;
    const relay = new AnswerRelay(request.method, response, (outcome) => {
      node.outstanding -= 1;
      resolve(outcome);
    });
    try {
      node.pool.dispatch(dispatchOptions(request), relay);
    } catch (error) {
      relay.refuse(error);
    }
  });
}

function dispatchOptions({ method, path, headers, body }: ForwardedRequest): Dispatcher.DispatchOptions {
  const options = { method, path, headers: [...headers] };
  if (body.kind === 'none') return options;
  if (body.kind === 'held') return { ...options, body: body.bytes };
  if (body.lengthBytes !== undefined) options.headers.push('content-length', String(body.lengthBytes));
  return { ...options, body: body.stream };
}

/** Kept whatever their announced length: without a body, or perhaps better answered by another node. */
const unlengthened = new Set([204, 304, 503]);

interface AnswerHead {
  readonly status: number;
  readonly message: string | undefined;
  readonly headers: Record<string, string | string[]>;
}

/** Receives an answer from undici; calls `settle` exactly once. */
class AnswerRelay implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #head: AnswerHead | undefined;
  #held: Buffer[] | undefined;
  #heldBytes = 0;
  #isSettled = false;

  constructor(
    private readonly method: string,
    private readonly response: ServerResponse,
    private readonly settle: (outcome: AttemptOutcome) => void,
  ) {
    response.on('close', this.#clientLeft);
    response.on('drain', this.#resume);
  }

  refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#finish({ kind: 'invalid', reason });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.response.destroyed) controller.abort(new Error('the client has gone'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
    message?: string,
  ): void {
    if (status < 200) return;
    this.#head = { status, message, headers: answeredHeaders(headers) };
    if (this.#fitsMemory(status, headers['content-length'])) this.#held = [];
    else this.#writeHead(this.#head);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#held) {
      if (!this.response.write(chunk)) controller.pause();
      return;
    }
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > balancerLimits.heldAnswerBytes) this.#release();
  }

  onResponseEnd(): void {
    const { response } = this;
    const [head, held] = [this.#head, this.#held];
    if (!head || !held) {
      response.end();
      this.#finish({ kind: 'over' });
      return;
    }
    const pass = () => {
      this.#writeHead(head);
      response.end(held.length === 1 ? held[0] : Buffer.concat(held));
    };
    if (head.status !== 503) pass();
    this.#finish(head.status === 503 ? { kind: 'unavailable', pass } : { kind: 'over' });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish(this.#outcomeOf(error));
  }

  #outcomeOf(error: Error): AttemptOutcome {
    if (this.response.destroyed) return { kind: 'over' };
    if (this.response.headersSent) {
      // The client has a part of the answer: only a broken connection tells it so.
      this.response.destroy();
      return { kind: 'over' };
    }
    const isOverdue = error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError;
    return isOverdue ? { kind: 'overdue' } : { kind: 'lost', wasSent: this.#controller !== undefined };
  }

  /** A longer answer than is kept: the client gets what there is, and the rest as it comes. */
  #release(): void {
    const [head, held] = [this.#head, this.#held ?? []];
    this.#held = undefined;
    if (!head) return;
    this.#writeHead(head);
    this.response.write(Buffer.concat(held));
  }

  #fitsMemory(status: number, length: string | string[] | undefined): boolean {
    if (this.method === 'HEAD' || unlengthened.has(status)) return true;
    return length !== undefined && Number(length) <= balancerLimits.heldAnswerBytes;
  }

  #writeHead({ status, message, headers }: AnswerHead): void {
    if (message) this.response.writeHead(status, message, headers);
    else this.response.writeHead(status, headers);
  }

  #finish(outcome: AttemptOutcome): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.response.off('close', this.#clientLeft).off('drain', this.#resume);
    this.settle(outcome);
  }

  readonly #resume = () => this.#controller?.resume();

  readonly #clientLeft = () => {
    if (this.#controller) this.#controller.abort(new Error('the client has gone'));
    else this.#finish({ kind: 'over' });
  };
}
