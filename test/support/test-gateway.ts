import { dirname } from 'node:path';
import type { TimeAnswer } from '../../contract/watching.ts';
import { createAccessJournal, createLoginGuard, type NodeRegistration } from '../../server/cluster/index.ts';
import { bootstrapConfiguration, systemTiming, type Table, type Timing } from '../../server/configuration/index.ts';
import { type Clock, systemClock } from '../../server/foundation/clock.ts';
import { SpectrumError } from '../../server/foundation/errors.ts';
import { type Log, silentLog } from '../../server/foundation/log.ts';
import {
  Authenticator,
  createGateway,
  type ExposedServices,
  Forwarder,
  Gatekeeper,
  type JobService,
  NodeIdentity,
  type ReadinessReport,
  RequestMeter,
  RevisionGate,
  ServiceBatches,
  ServiceRouter,
  SessionActivity,
  TokenKeys,
  Tokens,
} from '../../server/http/index.ts';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import type { ServiceDefinition } from '../../server/services/index.ts';
import { cheapHash } from './cheap-hash.ts';
import { InMemoryConfiguration } from './in-memory-configuration.ts';
import { sampleService } from './sample-service.ts';
import { MemoryTable } from './table-memory.ts';

export interface TestGatewayOptions {
  readonly services?: readonly ServiceDefinition[];
  readonly limits?: { readonly bodyBytes: number; readonly rows: number };
  /** Services that come and go with the configuration; none when absent. */
  readonly exposed?: ExposedServices;
  readonly log?: Log;
  readonly clock?: Clock;
  /** How it waits; as everybody does when absent. */
  readonly timing?: Partial<Timing>;
  readonly readiness?: () => ReadinessReport;
  readonly isDraining?: () => boolean;
  readonly platformClock?: () => TimeAnswer['clock'];
  readonly accessLog?: boolean;
  readonly explorerFolder?: string;
  /** What every database resource opens; none when absent. */
  readonly database?: AddressDatabase;
  /** Shared by the gateways of several nodes; an empty one when absent. */
  readonly configuration?: InMemoryConfiguration;
  /** The runtime table, shared likewise. */
  readonly runtime?: Table;
  /** Node group of the node, and the nodes it may pass calls to. */
  readonly group?: { readonly name: string; nodes(): readonly NodeRegistration[] };
  /** Of those who share a runtime table, each has its own. */
  readonly nodeName?: string;
  /** Runs of jobs; none when absent. */
  readonly jobs?: JobService;
}

export const adminPassword = 'correct horse battery staple!';
export const adminAuthorization = basic('admin', adminPassword);

export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** The real gateway over a configuration in memory, with the sample service; close it after use. */
export async function openTestGateway(options: TestGatewayOptions = {}) {
  const { clock = systemClock, log = silentLog, limits = { bodyBytes: 1_000_000, rows: 1_000 } } = options;
  const configuration = options.configuration ?? new InMemoryConfiguration();
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword });
  const snapshot = () => configuration.snapshot();
  const meter = new RequestMeter();
  const table = options.runtime ?? new MemoryTable();
  const guard = createLoginGuard({ table, clusterName: 'test', clock, neverLocked: ['admin'] });
  const processName = options.nodeName ?? 'node-1';
  const journal = createAccessJournal({
    table,
    clusterName: 'test',
    processName,
    timing: { ...systemTiming, ...clock },
    retainMs: 86_400_000,
    onTrouble: () => undefined,
  });
  const authenticator = new Authenticator({ clock, guard, journal, snapshot });
  const sessions = new SessionActivity({
    table,
    clusterName: 'test',
    processName,
    timing: { ...systemTiming, ...clock },
  });
  const keys = new TokenKeys({ configuration, clock });
  const tokens = new Tokens({ configuration, clock, sessions, keys, journal });
  const identity = new NodeIdentity({ keys, clock });
  const gatekeeper = new Gatekeeper({
    authenticator,
    tokens,
    identity,
    revisions: new RevisionGate(configuration),
    journal,
    snapshot,
  });
  const context = {
    database(name: string): AddressDatabase {
      if (options.database !== undefined) return options.database;
      throw new SpectrumError('DATABASE_UNAVAILABLE', `no database ${name} here`);
    },
    release() {},
  };
  const { group, services = [sampleService] } = options;
  const router = group && new ServiceRouter({ configuration, ownGroup: group.name, nodes: () => group.nodes() });
  const forwarder = router && new Forwarder({ router, gatekeeper, identity, limits, snapshot });
  const surroundings = { snapshot, leaseDatabases: () => context };
  const timing = { ...systemTiming, ...clock, ...options.timing };
  const batches =
    router && new ServiceBatches({ services, surroundings, router, identity, gatekeeper, meter, timing, snapshot });
  const { explorerFolder = dirname(require.resolve('swagger-ui-dist/package.json')) } = options;
  const ready = { ready: true, reasons: [], facts: {} };
  const server = createGateway({
    rest: {
      services,
      exposed: options.exposed,
      nodeName: 'node-1',
      surroundings,
      gatekeeper,
      limits,
      meter,
    },
    management: {
      configuration,
      gatekeeper,
      journal,
      limits,
      jobs: options.jobs,
      listNodes: async () => [],
      node: () => ({
        name: 'node-1',
        cluster: 'test',
        version: '0.0.0',
        processId: 1,
        startedAt: new Date(0).toISOString(),
        ready: true,
        reasons: [],
        configurationRevision: '1.0',
        configurationAgeMs: 0,
        databases: [],
      }),
    },
    security: { gatekeeper, tokens },
    description: { version: '0.0.0', explorerFolder },
    health: {
      nodeName: 'node-1',
      clock,
      readiness: options.readiness ?? (() => ready),
      platformClock: () => options.platformClock?.(),
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    },
    server: { log, meter, accessLog: options.accessLog ?? false, isDraining: options.isDraining ?? (() => false) },
    ...(forwarder && { forwarder }),
    ...(batches && { batches }),
  });
  const origin = await server.listen({ port: 0, host: '127.0.0.1' });
  const close = async () => {
    await server.close();
    forwarder?.close();
    batches?.close();
    router?.close();
    await sessions.close();
    await journal.close();
  };
  return {
    server,
    origin,
    configuration,
    meter,
    sessions,
    journal,
    batches,
    identity,
    authorization: adminAuthorization,
    close,
  };
}

export type TestGateway = Awaited<ReturnType<typeof openTestGateway>>;
