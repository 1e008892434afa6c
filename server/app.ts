import { dirname } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { environment } from '../contract/environment.ts';
import type { NodeSummary } from '../contract/management.ts';
import packageDescription from '../package.json';
import { createAccessJournal, createLoginGuard, type Membership, Readiness } from './cluster/index.ts';
import { type Configuration, staleAfterMs, systemTiming, type Table } from './configuration/index.ts';
import { DatabaseResources } from './database-resources.ts';
import { deferJobs } from './deferred-jobs.ts';
import { deferServices } from './deferred-services.ts';
import type { Clock } from './foundation/clock.ts';
import { SpectrumError } from './foundation/errors.ts';
import type { Log } from './foundation/log.ts';
import {
  Authenticator,
  createGateway,
  createHealthServer,
  createMetricsPage,
  Forwarder,
  Gatekeeper,
  type HealthProps,
  type MetricsPage,
  NodeIdentity,
  PlatformClock,
  RequestMeter,
  RevisionGate,
  ServiceBatches,
  ServiceRouter,
  SessionActivity,
  TokenKeys,
  Tokens,
} from './http/index.ts';
import { Catalogue } from './reference-data/index.ts';
import { type ServiceDefinition, serviceRegistry } from './services/index.ts';
import type { NodeSettings } from './settings.ts';

export interface AppProps {
  readonly settings: NodeSettings;
  readonly configuration: Configuration;
  readonly membership: Membership;
  /** The runtime table; it stays the caller's. */
  readonly runtime: Table;
  readonly clock: Clock;
  readonly log: Log;
}

/** Everything a node is, without a port. */
export interface App {
  readonly gateway: FastifyInstance;
  /** Present when the settings give the health paths a port of their own. */
  readonly healthServer: FastifyInstance | undefined;
  readonly readiness: Readiness;
  describe(): NodeSummary;
  /** The page of `/metrics`, for a parent that speaks for several processes. */
  metrics(): Promise<MetricsPage>;
  /** Opens the databases; the node is ready afterwards. */
  start(): Promise<void>;
  /** Takes runs of jobs and prepares services of dataflows from now on; rejects when their program cannot be read. */
  startJobs(): Promise<void>;
  /** Gives runs of jobs to the other nodes, before anything else ends. */
  leaveJobs(): Promise<void>;
  /** Closes servers first, then what they use; the configuration stays the caller's. */
  close(): Promise<void>;
}

const dayMs = 86_400_000;
const databasesOpen = 'databases open';
/** Where the bundled program lies, and the files that the build scripts put beside it. */
const programFolder = dirname(process.argv[1] ?? '.');

/** Wires one node together. */
export function buildApp({ settings, configuration, membership, runtime, clock, log }: AppProps): App {
  const startedAt = new Date(clock.nowMs()).toISOString();
  const readiness = new Readiness([databasesOpen]);
  const snapshot = () => configuration.snapshot();
  // A cold batch asks for all its blocks at once: they wait in line here, and the time limit of a read guards the node.
  const catalogue = new Catalogue({ waitingReads: 20_000, timeoutMs: 5_000 });
  const { referenceData, clusterName, nodeName } = settings;
  const databases = new DatabaseResources({
    configuration,
    catalogue,
    referenceData,
    clusterName,
    nodeName,
    clock,
    log,
  });
  const meter = new RequestMeter();
  const guard = createLoginGuard({ table: runtime, clusterName, clock, neverLocked: ['admin'] });
  const processName = `${nodeName}#${process.pid}`;
  const journal = createAccessJournal({
    table: runtime,
    clusterName,
    processName,
    timing: systemTiming,
    retainMs: settings.auditDays * dayMs,
    onTrouble: (error) => log.warn({ err: error }, 'The audit log of access cannot be written; it is tried again'),
  });
  const authenticator = new Authenticator({ clock, guard, journal, snapshot });
  const sessions = new SessionActivity({ table: runtime, clusterName, processName, timing: systemTiming });
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
  const services = chooseServices(settings);
  const router = new ServiceRouter({
    configuration,
    ownGroup: settings.nodeGroup,
    nodes: () => membership.nodes(),
  });
  const limits = { bodyBytes: settings.bodyLimitBytes, rows: settings.rowLimit };

  const describeNode = (): NodeSummary => ({
    name: settings.nodeName,
    cluster: settings.clusterName,
    version: packageDescription.version,
    processId: process.pid,
    startedAt,
    ready: readiness.reasons().length === 0,
    reasons: readiness.reasons(),
    configurationRevision: `${snapshot().epoch}.${snapshot().revision}`,
    configurationAgeMs: Math.round(configuration.ageMs()),
    databases: databases.summary(),
  });
  const platformClock = settings.metadataUri === '' ? undefined : new PlatformClock(settings.metadataUri);
  const health: HealthProps = {
    nodeName: settings.nodeName,
    clock,
    readiness() {
      const { ready, reasons, configurationRevision, configurationAgeMs } = describeNode();
      // Trouble that all nodes share is told, and makes none of them leave.
      const stale = configurationAgeMs > staleAfterMs;
      const { home, homeReachable } = configuration.status();
      const facts = {
        configurationRevision,
        configurationAgeMs,
        stale,
        ...(home !== undefined && { home, homeReachable }),
        databases: databases.summary(),
      };
      return { ready, reasons, facts };
    },
    platformClock: () => platformClock?.latest(),
    metrics: createMetricsPage(meter, {
      configurationRevision: () => snapshot().revision,
      configurationAgeMs: () => configuration.ageMs(),
      databaseReads: () =>
        catalogue.status().flatMap(({ resource, open }) => (open?.reads ? [{ name: resource, ...open.reads }] : [])),
      databases: () =>
        databases
          .summary()
          .flatMap(({ name, database, vintage }) => (vintage === undefined ? [] : [{ name, database, vintage }])),
    }),
  };
  const leaseDatabases = (module: string) => databases.lease(module);
  const surroundings = { snapshot, leaseDatabases };
  const batches = new ServiceBatches({
    services,
    surroundings,
    router,
    identity,
    gatekeeper,
    meter,
    timing: systemTiming,
    snapshot,
  });
  const jobs =
    settings.jobFiles === ''
      ? undefined
      : deferJobs({ settings, membership, runtime, programFolder, configuration, batches, log });
  const exposed = deferServices({ settings, configuration, leaseDatabases, batches, log });
  const forwarder = new Forwarder({ router, gatekeeper, identity, limits, snapshot });
  const server = { log, meter, accessLog: settings.accessLog, isDraining: () => readiness.isDraining() };
  const gateway = createGateway({
    rest: {
      services,
      exposed,
      nodeName: settings.nodeName,
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
      node: describeNode,
      listNodes: () => membership.list(),
      jobs,
    },
    security: { gatekeeper, tokens },
    description: { version: packageDescription.version, explorerFolder: programFolder },
    health: settings.healthOnMainPort ? health : undefined,
    server,
    forwarder,
    batches,
  });
  const healthServer = settings.healthPort === undefined ? undefined : createHealthServer(health, server);

  return {
    gateway,
    healthServer,
    readiness,
    describe: describeNode,
    metrics: health.metrics,
    async start() {
      if (await databases.open()) readiness.done(databasesOpen);
      else databases.onceUsable(() => readiness.done(databasesOpen));
    },
    async startJobs() {
      await exposed.start();
      await jobs?.start();
    },
    leaveJobs: async () => jobs?.leave(),
    async close() {
      exposed.close();
      await jobs?.leave();
      await Promise.all([gateway.close(), healthServer?.close()]);
      platformClock?.close();
      forwarder.close();
      batches.close();
      router.close();
      await sessions.close();
      await journal.close();
      await databases.close();
    },
  };
}

/**
 * The services of the registry that this node answers: every one when none is named, and every one in a node group,
 * whose nodes pass on what they do not run. Throws `INVALID_SETTING` for a name that no service has.
 */
function chooseServices({ services: names, nodeGroup }: NodeSettings): readonly ServiceDefinition[] {
  const known = serviceRegistry.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new SpectrumError(
      'INVALID_SETTING',
      `${environment.services}: there is no service ${JSON.stringify(unknown)}; use ${known.join(', ')}`,
      { variable: environment.services, given: unknown, allowed: known },
    );
  }
  return names.length === 0 || nodeGroup !== ''
    ? serviceRegistry
    : serviceRegistry.filter(({ name }) => names.includes(name));
}
