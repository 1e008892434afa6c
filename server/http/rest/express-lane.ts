import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceAnswer } from '../../services/index.ts';
import type { ServiceCall } from './call.ts';
import type { AnswerFormat, ServiceEndpoint } from './endpoint.ts';

/** Where a service is called by GET: the exact path, and what answers there. */
export interface LaneStop {
  readonly service: string;
  readonly path: string;
  readonly endpoint: Pick<ServiceEndpoint, 'admit' | 'readQuery' | 'run' | 'present' | 'record'>;
  readonly format: AnswerFormat;
}

export interface ExpressLaneProps {
  readonly stops: readonly LaneStop[];
  /** A stop that comes and goes with the configuration. */
  findStop?(path: string, request: IncomingMessage): LaneStop | undefined;
  /** Whether no call of the service has to be passed on to another node. */
  runsHere(service: string): boolean;
  /** Names a request that is answered here. */
  nameRequest(request: IncomingMessage): string;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** One request on its way through the lane. */
interface Passage {
  readonly stop: LaneStop;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly handOver: Handle;
  readonly startedMs: number;
}

/** A passage whose service was called. */
interface Arrival {
  readonly passage: Passage;
  readonly call: ServiceCall;
  readonly answer: ServiceAnswer | Promise<ServiceAnswer>;
}

/** So many requests are called together before their answers are written. */
const cohort = 16;

/**
 * Answers plain GETs of services beside the framework: for one row its router, hooks and reply cost as much as parsing
 * and writing together. What comes in one turn of the event loop goes from step to step in company, so that the code
 * and the data of a step are still in the processor's caches for the next request. It only knows success; a failed
 * request is handed over with its failure, and answered where all failures are (docs/decisions/0054-express-lane.md).
 */
export class ExpressLane {
  readonly #props: ExpressLaneProps;
  readonly #stops: ReadonlyMap<string, LaneStop>;
  readonly #failures = new WeakMap<IncomingMessage, { readonly error: unknown }>();
  #waiting: Passage[] = [];

  constructor(props: ExpressLaneProps) {
    this.#props = props;
    this.#stops = new Map(props.stops.map((stop) => [stop.path, stop]));
  }

  /**
   * Whether the request was taken: false for all that is not a plain GET at one of the stops.
   * @param handOver gets the request back when it fails; `failureOf` says why
   */
  take(request: IncomingMessage, response: ServerResponse, handOver: Handle): boolean {
    const { method, url = '' } = request;
    if (method !== 'GET') return false;
    const question = url.indexOf('?');
    const path = question < 0 ? url : url.slice(0, question);
    const stop = this.#stops.get(path) ?? this.#props.findStop?.(path, request);
    // Pages of other origins get headers of their own.
    if (stop === undefined || request.headers.origin !== undefined) return false;
    if (!this.#props.runsHere(stop.service)) return false;
    this.#admit({ stop, request, response, handOver, startedMs: performance.now() });
    return true;
  }

  /** Why a request was handed over; undefined for one that was never here. */
  failureOf(request: IncomingMessage): { readonly error: unknown } | undefined {
    return this.#failures.get(request);
  }

  #admit(passage: Passage): void {
    try {
      const admitted = passage.stop.endpoint.admit(passage.request);
      if (admitted instanceof Promise) {
        admitted.then(
          () => this.#wait(passage),
          (error: unknown) => this.#fail(passage, error),
        );
      } else this.#wait(passage);
    } catch (error) {
      this.#fail(passage, error);
    }
  }

  #wait(passage: Passage): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#serveWaiting());
    this.#waiting.push(passage);
  }

  #serveWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let from = 0; from < waiting.length; from += cohort) {
      const arrivals: Arrival[] = [];
      for (const passage of waiting.slice(from, from + cohort)) {
        const arrival = this.#call(passage);
        if (arrival !== undefined) arrivals.push(arrival);
      }
      for (const arrival of arrivals) this.#answer(arrival);
    }
  }

  #call(passage: Passage): Arrival | undefined {
    const { stop, request } = passage;
    try {
      const call = stop.endpoint.readQuery(request);
      return { passage, call, answer: stop.endpoint.run(call) };
    } catch (error) {
      this.#fail(passage, error);
      return undefined;
    }
  }

  #answer({ passage, call, answer }: Arrival): void {
    if (answer instanceof Promise) {
      answer.then((rows) => this.#write(passage, call, rows)).catch((error: unknown) => this.#fail(passage, error));
      return;
    }
    try {
      this.#write(passage, call, answer);
    } catch (error) {
      this.#fail(passage, error);
    }
  }

  #write({ stop, request, response, startedMs }: Passage, call: ServiceCall, answer: ServiceAnswer): void {
    const { text, contentType } = stop.endpoint.present(stop.format, call, answer);
    const length = Buffer.byteLength(text);
    response.writeHead(200, [
      'x-request-id',
      this.#props.nameRequest(request),
      'content-type',
      contentType,
      'content-length',
      String(length),
    ]);
    sendWhole(response, text, length === text.length ? 'latin1' : 'utf8');
    stop.endpoint.record(call, startedMs);
  }

  #fail({ request, response, handOver }: Passage, error: unknown): void {
    this.#failures.set(request, { error });
    handOver(request, response);
  }
}

/**
 * Head and body in one piece to the socket, which `end` with a text does not do: it has an empty piece follow. ASCII is
 * the same in Latin-1, which Node writes without looking at every character.
 */
function sendWhole(response: ServerResponse, text: string, encoding: 'latin1' | 'utf8'): void {
  const { socket } = response;
  // No socket yet: an earlier request of the same connection is still being answered.
  if (socket === null) {
    response.end(text, encoding);
    return;
  }
  socket.cork();
  response.write(text, encoding);
  socket.uncork();
  response.end();
}
