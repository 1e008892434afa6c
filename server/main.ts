import cluster from 'node:cluster';
import { pino } from 'pino';
import { environment } from '../contract/environment.ts';
import { type App, buildApp } from './app.ts';
import { startChores } from './chores.ts';
import {
  createMembership,
  createProcessorLoad,
  declareNodeGroup,
  findOwnAddress,
  type Membership,
} from './cluster/index.ts';
import {
  bootstrapConfiguration,
  type Configuration,
  ensureConfigurationTables,
  type NodeConfiguration,
  openConfiguration,
  openDynamoTable,
  supportedFormat,
  systemTiming,
  type Table,
  type TableSettings,
} from './configuration/index.ts';
import { systemClock } from './foundation/clock.ts';
import { SpectrumError } from './foundation/errors.ts';
import { hashPassword, portOf, timeLimits } from './http/index.ts';
import { answerParent } from './parent.ts';
import { runProcesses } from './processes.ts';
import { type NodeSettings, readSettings } from './settings.ts';

type NodeLog = ReturnType<typeof openLog>;

const jobsAgainMs = 30_000;

void main();

async function main(): Promise<void> {
  const startLog = pino();
  try {
    const settings = readSettings(process.env);
    if (settings.processes > 1 && cluster.isPrimary) await runProcesses(settings, openLog(settings));
    else await runNode(settings, openLog(settings));
  } catch (error) {
    const isKnown = error instanceof SpectrumError;
    startLog.fatal(
      isKnown ? { code: error.code, ...error.facts } : { err: error },
      isKnown ? error.message : 'The node could not start',
    );
    process.exit(1);
  }
}

async function runNode(settings: NodeSettings, log: NodeLog): Promise<void> {
  const tables = await openTables(settings);
  const membership = openMembership(tables.runtime, settings, log);
  // Beside the configuration, not after it: a start does not wait for it twice.
  const provided = provideRuntimeTable(tables.runtimeSettings, settings, log);
  const configuration = await openNodeConfiguration(tables, membership, settings, log);
  const { runtime } = tables;
  const app = buildApp({ settings, configuration, membership, runtime, clock: systemClock, log });
  const node: RunningNode = { app, configuration, membership, runtime, settings, log, chores: undefined };
  // Ends of this process are known before anybody can reach it.
  leaveWhenTold(node);
  // What is written asks who else is there.
  await provided;
  await bootstrap(configuration, settings).catch((error: unknown) => goOnWithoutHome(error, configuration, log));
  await app.start();
  await app.healthServer?.listen({ host: settings.host, port: settings.healthPort ?? 0 });
  await app.gateway.listen({ host: settings.host, port: settings.port });
  const port = portOf(app.gateway);
  log.info({ host: settings.host, port, readyAfterMs: Math.round(performance.now()) }, 'The node answers');
  process.send?.({ ready: true, port, healthPort: app.healthServer && portOf(app.healthServer) });
  if (cluster.isWorker)
    answerParent(process, app, (error) => log.warn({ err: error }, 'The metrics of this process cannot be read'));
  register(node, port);
  node.chores = startChores(node);
  await startJobs(node);
}

/** A node that cannot run jobs, its folder being gone or full, answers all else and tries again. */
async function startJobs(node: RunningNode): Promise<void> {
  try {
    await node.app.startJobs();
  } catch (error) {
    node.log.error({ err: error, againMs: jobsAgainMs }, 'The node runs no jobs for now');
    setTimeout(() => void startJobs(node), jobsAgainMs).unref();
  }
}

function openLog(settings: NodeSettings) {
  return pino({ level: settings.logLevel, base: { node: settings.nodeName } });
}

interface NodeTables {
  readonly configuration: TableSettings;
  readonly runtime: Table;
  readonly runtimeSettings: TableSettings;
}

async function openTables(settings: NodeSettings): Promise<NodeTables> {
  const endpoint = settings.configurationEndpoint || undefined;
  const configuration = { tableName: settings.configurationTable, endpoint };
  const runtime = { tableName: settings.runtimeTable || settings.configurationTable, endpoint };
  // The deployment creates its tables; a table server of one's own starts empty.
  if (endpoint !== undefined) await ensureConfigurationTables(configuration);
  return { configuration, runtime: openDynamoTable(runtime), runtimeSettings: runtime };
}

function openMembership(table: Table, { clusterName, nodeName }: NodeSettings, log: NodeLog): Membership {
  const onTrouble = (error: unknown) =>
    log.warn({ err: error }, 'The runtime table does not answer; the node serves on and tries again');
  return createMembership({ table, clusterName, nodeName, timing: systemTiming, onTrouble });
}

async function openNodeConfiguration(
  { configuration: table }: NodeTables,
  membership: Membership,
  { clusterName, region, homeRegion }: NodeSettings,
  log: NodeLog,
): Promise<NodeConfiguration> {
  const onTrouble = (error: unknown) =>
    log.warn({ err: error }, 'The configuration could not be followed; the node serves from its copy');
  return openConfiguration({
    table,
    clusterName,
    region: region || undefined,
    firstHome: homeRegion || undefined,
    tableOfRegion: createRegionalTables(table),
    followers: () => membership.followers(),
    lowestFormat: () => membership.lowestFormat(supportedFormat),
    onTrouble,
  });
}

/** The configuration table as another region has it; a table server of one's own has no regions. */
function createRegionalTables(table: TableSettings): (region: string) => Table | undefined {
  const opened = new Map<string, Table>();
  return (region) => {
    if (table.endpoint !== undefined) return undefined;
    const known = opened.get(region) ?? openDynamoTable({ ...table, region });
    opened.set(region, known);
    return known;
  };
}

/** After the node answers: it can do without the runtime table, and most starts find it there. */
async function provideRuntimeTable(table: TableSettings, settings: NodeSettings, log: NodeLog): Promise<void> {
  if (table.endpoint === undefined || settings.runtimeTable === '') return;
  await ensureConfigurationTables(table).catch((error: unknown) =>
    log.warn({ err: error }, 'The runtime table cannot be made now; logins are not guarded until it is there'),
  );
}

/** Tells the others that this node is here; several processes of one node follow the log one by one. */
function register({ app, membership, settings }: RunningNode, port: number): void {
  const load = createProcessorLoad(systemClock);
  const host = settings.address || findOwnAddress(settings.host);
  const name = cluster.worker ? `${settings.nodeName}#${cluster.worker.id}` : settings.nodeName;
  membership.join(() => {
    const { version, configurationRevision: revision } = app.describe();
    const { nodeGroup: group } = settings;
    return { name, address: `${host}:${port}`, version, group, revision, format: supportedFormat, load: load() };
  });
}

async function bootstrap(
  configuration: Configuration,
  { adminPassword, starterDatabase, nodeGroup, services }: NodeSettings,
): Promise<void> {
  if (adminPassword === '' && configuration.snapshot().list('user').length === 0) {
    throw new SpectrumError(
      'INVALID_SETTING',
      `${environment.adminPassword} is empty; a new configuration needs the password of its administrator`,
      { variable: environment.adminPassword },
    );
  }
  const [database = '', vintage = ''] = starterDatabase.split('/');
  const starter = { starter: { module: 'addressing', database, vintage } } as const;
  await bootstrapConfiguration(configuration, {
    hashPassword,
    adminPassword,
    databaseResources: starterDatabase === '' ? {} : starter,
  });
  if (nodeGroup !== '' && services.length > 0) await declareNodeGroup(configuration, nodeGroup, services);
}

/** What a start would add can wait where the home does not answer; a configuration without users cannot. */
function goOnWithoutHome(error: unknown, configuration: Configuration, log: NodeLog): void {
  const { home, homeReachable } = configuration.status();
  const isUsable = configuration.snapshot().list('user').length > 0;
  const isRefused = error instanceof SpectrumError && error.code === 'CONFIGURATION_UNAVAILABLE';
  if (homeReachable || !isUsable || !isRefused) throw error;
  log.warn({ err: error, home }, 'The node serves without what its start would have added to the configuration');
}

interface RunningNode {
  readonly app: App;
  readonly configuration: NodeConfiguration;
  readonly membership: Membership;
  readonly runtime: Table;
  /** Undefined until the node answers. */
  chores: { close(): Promise<void> } | undefined;
  readonly settings: NodeSettings;
  readonly log: NodeLog;
}

/**
 * SIGTERM, SIGINT and the end of the parent all lead to the same way out: not ready at once, serving on until the
 * balancer has noticed, then no new connections, and the end when the last request is answered.
 */
function leaveWhenTold(node: RunningNode): void {
  let isLeaving = false;
  const leave = (why: string, leaveMs: number) => {
    if (isLeaving) return;
    isLeaving = true;
    void leaveCluster(node, why, leaveMs);
  };
  const { leaveMs } = node.settings;
  process.on('SIGTERM', () => leave('SIGTERM', leaveMs));
  // A Ctrl-C reaches every process of the terminal; a parent that started this one stops it in its own order.
  process.on('SIGINT', () => !process.connected && leave('SIGINT', leaveMs));
  process.on('disconnect', () => leave('the end of the parent process', 0));
}

async function leaveCluster(node: RunningNode, why: string, leaveMs: number): Promise<void> {
  const { app, configuration, membership, runtime, log } = node;
  app.readiness.drain();
  log.info({ why, leaveMs }, 'The node leaves');
  setTimeout(() => process.exit(0), leaveMs + timeLimits.requestMs).unref();
  // Caught at once: a failure of these must not end the process under the requests that it still answers.
  const left = Promise.all([app.leaveJobs(), node.chores?.close(), membership.leave()]).catch((error: unknown) =>
    log.warn({ err: error }, 'The node leaves work to the others without having said so'),
  );
  await new Promise((resolve) => setTimeout(resolve, leaveMs));
  await app.close();
  await left;
  runtime.close();
  await configuration.close();
  log.info({}, 'The node has left');
  process.exit(0);
}
