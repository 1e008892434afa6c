import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AttemptOutcome, attempt, type ForwardedRequest } from './attempt.ts';
import { forwardedHeaders } from './headers.ts';
import { balancerLimits } from './limits.ts';
import type { BalancedNode, NodeTable } from './nodes.ts';
import { type OwnAnswer, ownAnswers } from './own-answers.ts';
import { takeBody } from './request-body.ts';
import { isRepeatable } from './retry-policy.ts';

/** Answers one request by the node that has least to do, and by another where the first is lost. */
export async function forward(table: NodeTable, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = originForm(request.url ?? '/');
  if (path === undefined) {
    answer(response, ownAnswers.invalidPath);
    return;
  }
  const body = await takeBody(request).catch(() => undefined);
  if (!body) return;
  const method = request.method ?? 'GET';
  const forwarded = { method, path, headers: forwardedHeaders(request), body };
  const refusal = await tryNodes(table, forwarded, response);
  if (refusal) answer(response, refusal);
}

/** Resolves with `undefined` when the client was answered by a node or has gone, else with the balancer's own answer. */
async function tryNodes(
  table: NodeTable,
  request: ForwardedRequest,
  response: ServerResponse,
): Promise<OwnAnswer | undefined> {
  const canSendAgain = request.body.kind !== 'stream';
  const mayRepeat = canSendAgain && isRepeatable(request.method, request.path);
  const deadlineMs = performance.now() + table.waitForNodeMs;
  const tried = new Set<BalancedNode>();
  let resends = mayRepeat ? balancerLimits.resends : 0;
  let passOlder: (() => void) | undefined;
  while (!response.destroyed) {
    const node = table.choose(tried) ?? (passOlder ? undefined : await waitForNode(table, tried, deadlineMs));
    if (!node) {
      passOlder?.();
      return passOlder ? undefined : ownAnswers.noNode;
    }
    const outcome = await attempt(node, request, response);
    tried.add(node);
    if (outcome.kind === 'lost') table.suspect(node);
    if (outcome.kind === 'lost' && !outcome.wasSent && canSendAgain) continue;
    if (outcome.kind !== 'lost' && outcome.kind !== 'unavailable') return finalAnswers[outcome.kind];
    if (resends === 0) return giveUp(outcome, mayRepeat);
    resends -= 1;
    if (outcome.kind === 'unavailable') passOlder = outcome.pass;
  }
  return undefined;
}

const finalAnswers = { over: undefined, invalid: ownAnswers.invalidRequest, overdue: ownAnswers.overdue } as const;

function giveUp(
  outcome: Extract<AttemptOutcome, { kind: 'lost' | 'unavailable' }>,
  wasRepeated: boolean,
): OwnAnswer | undefined {
  if (outcome.kind === 'lost') return wasRepeated ? ownAnswers.lostTwice : ownAnswers.lost;
  outcome.pass();
  return undefined;
}

/** All usable nodes were tried or there is none: the next that becomes usable may be asked again. */
async function waitForNode(
  table: NodeTable,
  tried: Set<BalancedNode>,
  deadlineMs: number,
): Promise<BalancedNode | undefined> {
  const leftMs = deadlineMs - performance.now();
  if (leftMs <= 0) return undefined;
  tried.clear();
  if (!table.choose(tried)) await table.waitForNode(leftMs);
  return table.choose(tried);
}

/** `http://host/path` of a client that takes us for a forward proxy becomes `/path`; `undefined` where there is none. */
function originForm(url: string): string | undefined {
  if (url.startsWith('/')) return url;
  return /^https?:\/\/[^/?#]+(\/.*)?$/i.exec(url)?.[1];
}

function answer(response: ServerResponse, { status, body, headers }: OwnAnswer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
