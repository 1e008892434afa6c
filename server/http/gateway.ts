import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type ErrorCode, errorCodes } from '../../contract/errors.ts';
import type { Log } from '../foundation/log.ts';
import type { ServiceDefinition } from '../services/index.ts';
import { ExposedInterfaces, type ServiceUrls } from './exposed-services.ts';
import type { Forwarder } from './forwarding/forwarder.ts';
import type { ServiceBatches } from './forwarding/service-batches.ts';
import { globalGeocodeRoutes } from './global-geocode/routes.ts';
import { type HealthProps, healthRoutes } from './health/routes.ts';
import { timeLimits } from './limits.ts';
import { type ManagementProps, managementRoutes } from './management/routes.ts';
import { managementRoutesOf } from './management/services.ts';
import { explainNotFound } from './not-found.ts';
import { type OpenApiProps, openApiRoutes } from './openapi/routes.ts';
import { createRefusal, pathOf, type RefusalProps } from './refusal.ts';
import { createRequestIds } from './request-id.ts';
import { ExpressLane, type LaneStop } from './rest/express-lane.ts';
import { createRestInterface, type RestProps, restInterfaceOf } from './rest/routes.ts';
import { addRoutes, type Route } from './route.ts';
import { CrossOrigin } from './security/cors.ts';
import { type TokenProps, tokenRoutes } from './security/token-routes.ts';
import { soapRoutes, soapRoutesOf } from './soap/routes.ts';
import { tokenServiceRoutes } from './soap/token-services.ts';

export interface GatewayProps {
  readonly rest: RestProps;
  readonly management: Omit<ManagementProps, 'services' | 'surroundings' | 'exposed'>;
  readonly security: TokenProps;
  readonly description: Omit<OpenApiProps, 'services' | 'exposed'>;
  /** Undefined when the health paths have a port of their own only. */
  readonly health: HealthProps | undefined;
  readonly server: ServerProps;
  /** Undefined on a node that runs every service itself, whatever the configuration says. */
  readonly forwarder?: Forwarder;
  /** What the nodes of other groups ask for their runs; undefined likewise. */
  readonly batches?: ServiceBatches;
}

export interface ServerProps extends RefusalProps {
  /** One line in the log for each request. */
  readonly accessLog: boolean;
  /** While true, answers ask clients to open their next connection elsewhere. */
  isDraining(): boolean;
}

/** The main server: REST services, management and, on one machine, the health paths. Does not listen yet. */
export function createGateway({
  rest,
  management,
  security,
  description,
  health,
  server,
  forwarder,
  batches,
}: GatewayProps): FastifyInstance {
  const { services, exposed, surroundings, gatekeeper } = rest;
  const { routes: restRoutes, stops } = createRestInterface(rest);
  const wrap = (calls: readonly Route[]) => forwarder?.wrap(calls) ?? calls;
  const managed: ManagementProps = { ...management, services, exposed, surroundings };
  const routes = [
    ...wrap([...restRoutes, ...globalGeocodeRoutes(rest), ...soapRoutes(rest)]),
    ...(batches?.routes() ?? []),
    ...tokenRoutes(security),
    ...tokenServiceRoutes({ ...security, limits: rest.limits }),
    ...openApiRoutes({ services, exposed, ...description }),
    ...managementRoutes(managed),
    ...(health ? healthRoutes(health) : []),
  ];
  const createUrls = (service: ServiceDefinition): ServiceUrls => {
    const { routes: called, stops: plain } = restInterfaceOf(service, rest);
    return {
      routes: [...wrap([...called, ...soapRoutesOf(service, rest)]), ...managementRoutesOf(service, managed)],
      stops: plain,
    };
  };
  const crossOrigin = new CrossOrigin(surroundings.snapshot);
  return createServer(routes, server, {
    services: async () => [...services, ...((await exposed?.list()) ?? [])].map(({ name }) => name),
    stops,
    exposed: exposed && new ExposedInterfaces({ services: exposed, gatekeeper, createUrls }),
    runsHere: (service) => forwarder?.runsHere(service) ?? true,
    answersPreflight: ({ method, headers }, reply) => crossOrigin.permit(method, headers, reply),
  });
}

/** The second server, for those who watch the node. */
export function createHealthServer(health: HealthProps, server: ServerProps): FastifyInstance {
  return createServer(healthRoutes(health), server, {
    services: async () => [],
    stops: [],
    exposed: undefined,
    runsHere: () => true,
    answersPreflight: () => false,
  });
}

/** The port that a listening server got, when it was told to take a free one. */
export function portOf(server: FastifyInstance): number {
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What only the server of the services has. */
interface ServiceExtras {
  /** Names, for hints to callers of a wrong one. */
  services(): Promise<readonly string[]>;
  /** Paths of the express lane. */
  readonly stops: readonly LaneStop[];
  /** Services that come and go with the configuration. */
  readonly exposed: ExposedInterfaces | undefined;
  /** Whether no call of the service has to be passed on to another node. */
  runsHere(service: string): boolean;
  /** True when the request was a browser's question before a call, answered by headers alone. */
  answersPreflight(request: FastifyRequest, reply: FastifyReply): boolean;
}

function createServer(
  routes: readonly Route[],
  props: ServerProps,
  { services, stops, exposed, runsHere, answersPreflight }: ServiceExtras,
): FastifyInstance {
  const refuse = createRefusal(props);
  const nameRequest = createRequestIds();
  const lane = new ExpressLane({
    stops,
    findStop: (path, request) => exposed?.stopAt(path, request),
    runsHere,
    nameRequest,
  });
  const server = fastify({
    logger: false,
    genReqId: nameRequest,
    serverFactory: (handle) => createListener(lane, handle, props),
    // A draining node still answers whoever is connected; closing is decided in one place, server/main.ts.
    return503OnClosing: false,
    // Each route names HEAD itself: a second route for it costs a start as much as the first.
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // Handlers read query and body themselves, after the caller is known and within their own limits.
    routerOptions: { querystringParser: () => ({}), maxParamLength: 1_000 },
    frameworkErrors: (error, request, reply) => refuse(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: answerBrokenRequest,
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, _payload, done) => done(null));
  server.setErrorHandler(refuse);
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    if (props.isDraining()) reply.header('connection', 'close');
    const failure = lane.failureOf(request.raw);
    if (failure !== undefined) done(failure.error as Error);
    else if (answersPreflight(request, reply)) reply.code(204).send();
    else done();
  });
  if (props.accessLog) addAccessLog(server, props.log);
  const index = addRoutes(server, routes);
  server.setNotFoundHandler(async (request, reply) => {
    const { method, raw } = request;
    const handler = index.handlerOf(method, pathOf(raw.url ?? '')) ?? (await exposed?.handlerOf(request));
    if (handler === undefined) refuse(explainNotFound(request, index, await services()), request, reply);
    else await handler(request, reply);
    return reply;
  });
  return server;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Node's server, with the express lane before the framework. */
function createListener(lane: ExpressLane, handle: Handle, { accessLog, isDraining }: ServerProps): Server {
  const listener = createHttpServer({
    keepAliveTimeout: timeLimits.keepAliveMs,
    requestTimeout: timeLimits.requestMs,
    headersTimeout: timeLimits.headersMs,
  });
  return listener.on('request', (request, response) => {
    // The framework logs, and tells clients that the node is leaving.
    const isPlain = !accessLog && listener.listening && !isDraining();
    if (!isPlain || !lane.take(request, response, handle)) handle(request, response);
  });
}

function addAccessLog(server: FastifyInstance, log: Log): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { method, url, id, ip } = request;
    const durationMs = Number(reply.elapsedTime.toFixed(3));
    // The query stays out: it holds people's addresses.
    log.info({ requestId: id, method, path: url.split('?')[0], ip, status: reply.statusCode, durationMs }, 'Answered');
    done();
  });
}

/** What Node's parser refuses never becomes a request: the answer is written to the socket as it is. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const { statusLine, code, message } = brokenRequests[error.code ?? ''] ?? otherBrokenRequest;
  const body = JSON.stringify({ code, message });
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

interface BrokenRequest {
  readonly statusLine: string;
  readonly code: ErrorCode;
  readonly message: string;
}

const otherBrokenRequest: BrokenRequest = {
  statusLine: `${errorCodes.INVALID_REQUEST.status} Bad Request`,
  code: 'INVALID_REQUEST',
  message: 'This is not an HTTP request that the node can read; check the request line and the headers',
};

const brokenRequests: Readonly<Record<string, BrokenRequest>> = {
  HPE_HEADER_OVERFLOW: {
    statusLine: '431 Request Header Fields Too Large',
    code: 'INVALID_REQUEST',
    message: 'URL and headers are larger than 16 KiB together; send the rows by POST',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    statusLine: '408 Request Timeout',
    code: 'INVALID_REQUEST',
    message: 'The request did not arrive in time; send it again',
  },
};
