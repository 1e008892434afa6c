import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import type { RequestLimits } from '../limits.ts';
import { pathOf } from '../refusal.ts';
import type { Route, ServiceCallRoute } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import { forwardedHeader, type NodeIdentity } from '../security/node-identity.ts';
import type { Right } from '../security/permissions.ts';
import { revisionHeader } from '../security/revision-gate.ts';
import { type NodeCall, NodeConnections, nodesTried } from './node-connections.ts';
import type { ServiceRouter } from './service-router.ts';

export interface ForwarderProps {
  readonly router: ServiceRouter;
  readonly gatekeeper: Gatekeeper;
  readonly identity: NodeIdentity;
  readonly limits: RequestLimits;
  snapshot(): ConfigurationSnapshot;
}

/** Headers of an answer that reach the caller as the other node wrote them. */
const passedBack = ['content-type', 'retry-after', revisionHeader, 'www-authenticate'] as const;

/** Passes calls of services that another group runs to one of its nodes, once; services are safe to ask twice. */
export class Forwarder {
  readonly #props: ForwarderProps;
  readonly #connections = new NodeConnections();

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
    this.#connections.close();
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
      const answer = await this.#connections.ask(address, call);
      if (answer === undefined) continue;
      for (const name of passedBack) {
        const value = answer.headers[name];
        if (value !== undefined) reply.header(name, value);
      }
      return reply.code(answer.status).send(answer.body);
    }
    throw noneAnswers(service, group);
  }

  async #read(raw: IncomingMessage, identity: string): Promise<NodeCall> {
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

export function noneAnswers(service: string, group: string): SpectrumError {
  const where = group === '' ? 'the nodes without group' : `the node group ${group}`;
  return new SpectrumError(
    'NO_NODE_READY',
    `${service} runs in ${where}, none of which answers now; try again in a second`,
    { service, group },
  );
}

export function notHere(service: string, group: string): SpectrumError {
  return new SpectrumError(
    'NO_NODE_READY',
    `${service} has moved to the node group ${group}, and a call is passed on only once; try again in a second`,
    { service, group },
  );
}
