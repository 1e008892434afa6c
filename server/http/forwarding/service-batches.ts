import type { FastifyReply, FastifyRequest } from 'fastify';
import { type ErrorCode, errorCodes } from '../../../contract/errors.ts';
import { type ConfigurationSnapshot, pause, type Timing } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { type InputRow, type OutputRow, parseOptions, type ServiceDefinition } from '../../services/index.ts';
import { checkBodyHeaders, readBody } from '../body.ts';
import { pathOf } from '../refusal.ts';
import { noUserFields } from '../rest/call.ts';
import { parseJson } from '../rest/json-request.ts';
import type { RequestMeter } from '../rest/request-meter.ts';
import { ServiceRunner, type ServiceSurroundings } from '../rest/service-runner.ts';
import type { Route } from '../route.ts';
import type { Gatekeeper } from '../security/gatekeeper.ts';
import { forwardedHeader, type NodeIdentity } from '../security/node-identity.ts';
import { revisionHeader } from '../security/revision-gate.ts';
import { noneAnswers, notHere } from './forwarder.ts';
import { NodeConnections, nodesTried } from './node-connections.ts';
import type { ServiceRouter } from './service-router.ts';

export interface ServiceBatchesProps {
  readonly services: readonly ServiceDefinition[];
  readonly surroundings: ServiceSurroundings;
  readonly router: Pick<ServiceRouter, 'groupElsewhere' | 'addressesOf'>;
  readonly identity: NodeIdentity;
  readonly gatekeeper: Gatekeeper;
  readonly meter: RequestMeter;
  readonly timing: Timing;
  snapshot(): ConfigurationSnapshot;
}

/** Records of a run that a service answers with these options and no others. */
export interface ServiceBatch {
  readonly service: string;
  readonly options: Readonly<Record<string, string>>;
  /** Members of the answers that are wanted. */
  readonly fields: readonly string[];
  /** An array of records, as JSON. */
  readonly rows: string;
}

/** A batch as it travels. */
interface SentBatch extends Omit<ServiceBatch, 'service' | 'rows'> {
  readonly rows: readonly InputRow[];
}

/** Whoever sends a batch keeps well below it. */
const bodyLimitBytes = 16 * 2 ** 20;
/** A run waits so long for a group that restarts: less than it takes to run it again. */
const patienceOfRunsMs = 60_000;
const retryMs = 1_000;

/** Batches of runs for services that other node groups run: the side that passes them on, once, and the side that answers. */
export class ServiceBatches {
  readonly #props: ServiceBatchesProps;
  readonly #runners: ReadonlyMap<string, ServiceRunner>;
  readonly #connections = new NodeConnections();

  constructor(props: ServiceBatchesProps) {
    this.#props = props;
    this.#runners = new Map(props.services.map((one) => [one.name, new ServiceRunner(one, props.surroundings)]));
  }

  /** Names of the services that other nodes run. */
  elsewhere(): readonly string[] {
    return [...this.#runners.keys()].filter((name) => this.#props.router.groupElsewhere(name) !== undefined);
  }

  /**
   * The answers of each record, as JSON. Waits for a group none of whose nodes answers, as long as a run may; then throws
   * `NO_NODE_READY` or what its nodes last refused with.
   */
  async call(batch: ServiceBatch, patienceMs = patienceOfRunsMs): Promise<string> {
    const { router, timing } = this.#props;
    const { service } = batch;
    for (let waitedMs = 0; ; waitedMs += retryMs) {
      const group = router.groupElsewhere(service);
      // The configuration has brought it here since the run began.
      if (group === undefined) return this.#run(service, { ...batch, rows: JSON.parse(batch.rows) as InputRow[] });
      const answer = await this.#askGroup(group, batch);
      if (typeof answer === 'string') return answer;
      if (waitedMs >= patienceMs) throw answer;
      await pause(timing, retryMs);
    }
  }

  /** Where the other nodes send their batches. */
  routes(): readonly Route[] {
    return [...this.#runners.keys()].map((service) => ({
      method: 'POST',
      path: pathTo(service),
      handler: (request, reply) => this.#answer(service, request, reply),
    }));
  }

  close(): void {
    this.#connections.close();
  }

  /** The answer, or why there is none as yet. Throws what trying again does not help against. */
  async #askGroup(group: string, { service, options, fields, rows }: ServiceBatch): Promise<string | SpectrumError> {
    const { router, identity, snapshot } = this.#props;
    const path = pathTo(service);
    const { epoch, revision } = snapshot();
    const body = Buffer.from(
      `{"options":${JSON.stringify(options)},"fields":${JSON.stringify(fields)},"rows":${rows}}`,
    );
    const headers = {
      [forwardedHeader]: await identity.signBatch(path),
      [revisionHeader]: `${epoch}.${revision}`,
      'content-type': 'application/json',
      'content-length': String(body.length),
    };
    let why = noneAnswers(service, group);
    for (const address of router.addressesOf(group).slice(0, nodesTried)) {
      const answer = await this.#connections.ask(address, { method: 'POST', url: path, headers, body });
      if (answer === undefined) continue;
      const text = answer.body.toString('utf8');
      if (answer.status === 200) return text;
      why = toError(text);
      // A node of an older release does not know the path; it is replaced while the cluster is upgraded.
      if (answer.status < 500 && why.code !== 'UNKNOWN_PATH') throw why;
    }
    return why;
  }

  async #answer(service: string, { raw }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { router, gatekeeper, identity, meter } = this.#props;
    const startedMs = performance.now();
    // The key may be one that the other node has just made.
    await gatekeeper.catchUp(raw);
    identity.verifyBatch(String(raw.headers[forwardedHeader] ?? ''), pathOf(raw.url ?? ''));
    const group = router.groupElsewhere(service);
    if (group !== undefined) throw notHere(service, group);
    const kind = checkBodyHeaders(raw.headers, bodyLimitBytes);
    const batch = parseJson((await readBody(raw, kind, bodyLimitBytes)).text) as SentBatch;
    const text = await this.#run(service, batch);
    meter.of(service).record(batch.rows.length, performance.now() - startedMs);
    return reply.header('content-type', 'application/json;charset=utf-8').send(text);
  }

  async #run(service: string, { options, fields, rows }: SentBatch): Promise<string> {
    const runner = this.#runners.get(service) as ServiceRunner;
    const call = { rows, userFields: rows.map(() => noUserFields), options };
    const answers = await runner.runWith(call, parseOptions(runner.definition.options, options));
    return JSON.stringify(answers.map((some) => some.map((one) => pick(one, fields))));
  }
}

function pathTo(service: string): string {
  return `/nodes/services/${service}/batch`;
}

/** What is not read need not travel. */
function pick(answer: OutputRow, fields: readonly string[]): OutputRow {
  const picked: OutputRow = {};
  for (const name of fields) picked[name] = answer[name];
  return picked;
}

/** The refusal of another node, as it would be thrown here. */
function toError(text: string): SpectrumError {
  const { code, message, ...facts } = parseJson(text) as { readonly code: string; readonly message: string };
  return new SpectrumError(code in errorCodes ? (code as ErrorCode) : 'INTERNAL', message, facts);
}
