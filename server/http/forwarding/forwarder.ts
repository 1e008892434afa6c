import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as openRequest,
} from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { type RequestLimits, timeLimits } from '../limits.ts';
import { pathOf } from '../refusal.ts';
import type { Route, ServiceCallRoute } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import { forwardedHeader, type NodeIdentity } from '../security/node-identity.ts';
import type { Right } from '../security/permissions.ts';
import { revisionHeader } from '../security/revision-gate.ts';
import type { ServiceRouter } from './service-router.ts';

export interface ForwarderProps {
  readonly router: ServiceRouter;
  readonly gatekeeper: Gatekeeper;
  readonly identity: NodeIdentity;
  readonly limits: RequestLimits;
  snapshot(): ConfigurationSnapshot;
}

interface ForwardedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

interface ForwardedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Headers of an answer that reach the caller as the other node wrote them. */
const passedBack = ['content-type', 'retry-after', revisionHeader, 'www-authenticate'] as const;
/** Nodes of a group that are tried before the caller is told that none answers. */
const nodesTried = 3;

/** Passes calls of services that another group runs to one of its nodes, once; services are safe to ask twice. */
export class Forwarder {
  readonly #props: ForwarderProps;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(props: ForwarderProps) {
    this.#props = props;
  }

  /** The same routes; calls of services of other groups leave by them to the group. */
  wrap(routes: readonly Route[]): readonly Route[] {
    return routes.map((route) => {
      const call = findServiceCall(route);
      return call === undefined ? route : { ...route, handler: this.#handler(call, route.handler) };
    });
  }

  /** Whether no call of the service leaves this node. */
  runsHere(service: string): boolean {
    return this.#props.router.groupElsewhere(service) === undefined;
  }

  close(): void {
    this.#agent.destroy();
  }

  #handler({ door, service }: ServiceCallRoute, runHere: Route['handler']): Route['handler'] {
    const { router } = this.#props;
    const right: Right = { entityType: 'Services', permission: 'execute', entity: service };
    return (request, reply) => {
      const group = router.groupElsewhere(service);
      if (group === undefined) return runHere(request, reply);
      return this.#forward({ door, service, group, right }, request, reply);
    };
  }

  async #forward(
    { door, service, group, right }: ServiceCallRoute & { readonly group: string; readonly right: Right },
    { raw }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { router, gatekeeper, identity } = this.#props;
    const caller = await gatekeeper.admitTo(door, raw, right);
    if (raw.headers[forwardedHeader] !== undefined) throw notHere(service, group);
    const call = await this.#read(raw, await identity.sign(caller.name, pathOf(raw.url ?? '')));
    for (const address of router.addressesOf(group).slice(0, nodesTried)) {
      const answer = await this.#ask(address, call);
      if (answer === undefined) continue;
      for (const name of passedBack) {
        const value = answer.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      return reply.code(answer.status).send(answer.body);
    }
    throw noneAnswers(service, group);
  }

  async #read(raw: IncomingMessage, identity: string): Promise<ForwardedCall> {
    const { limits, snapshot } = this.#props;
    const { method = 'GET', url = '' } = raw;
    const { epoch, revision } = snapshot();
    const headers: Record<string, string> = {
      [forwardedHeader]: identity,
      // The other node decides by a configuration that is no older than this one's.
      [revisionHeader]: `${epoch}.${revision}`,
    };
    if (method !== 'POST' || raw.headers['content-length'] === '0') return { method, url, headers, body: undefined };
    const kind = checkBodyHeaders(raw.headers, limits.bodyBytes);
    const body = Buffer.from((await readBody(raw, kind, limits.bodyBytes)).text, 'utf8');
    const contentType = raw.headers['content-type'];
    if (contentType !== undefined) headers['content-type'] = contentType;
    return { method, url, headers: { ...headers, 'content-length': String(body.length) }, body };
  }

  /** Undefined when the node does not answer; a kept connection may have been closed by it meanwhile, so once anew. */
  async #ask(address: string, call: ForwardedCall): Promise<ForwardedAnswer | undefined> {
    return this.#send(address, call)
      .catch((error: unknown) => {
        if (error instanceof StaleConnection) return this.#send(address, call);
        throw error;
      })
      .catch(() => undefined);
  }

  #send(address: string, { method, url, headers, body }: ForwardedCall): Promise<ForwardedAnswer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(`http://${address}`);
      const timeout = timeLimits.forwardedAnswerMs;
      const outgoing = openRequest({ host: hostname, port, method, path: url, headers, agent: this.#agent, timeout });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${address} did not answer within ${timeout} ms`)));
      outgoing.on('error', (error) => reject(isStale(outgoing, error) ? new StaleConnection() : error));
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 502, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.end(body);
    });
  }
}

/** The connection was one that had carried a call before. */
class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function isStale({ reusedSocket }: ClientRequest, { code }: NodeJS.ErrnoException): boolean {
  return reusedSocket && (code === 'ECONNRESET' || code === 'EPIPE');
}

/** What a route calls when it runs a service; pages and descriptions are the same on every node. */
function findServiceCall({ method, path, calls }: Route): ServiceCallRoute | undefined {
  if (calls !== undefined) return calls;
  const [, rest] =
    /^\/rest\/([^/]+)\/(?:results?|geocode|reverseGeocode|interactive)(?:\.(?:json|xml))?$/.exec(path) ?? [];
  if (rest !== undefined) return { door: 'rest', service: rest };
  const [, soap] = /^\/soap\/([^/]+)\/?$/.exec(path) ?? [];
  return soap !== undefined && method === 'POST' ? { door: 'soap', service: soap } : undefined;
}

function noneAnswers(service: string, group: string): SpectrumError {
  const where = group === '' ? 'the nodes without group' : `the node group ${group}`;
  return new SpectrumError(
    'NO_NODE_READY',
    `${service} runs in ${where}, none of which answers now; try again in a second`,
    { service, group },
  );
}

function notHere(service: string, group: string): SpectrumError {
  return new SpectrumError(
    'NO_NODE_READY',
    `${service} has moved to the node group ${group}, and a call is passed on only once; try again in a second`,
    { service, group },
  );
}
