import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command-error.ts';
import type { Progress } from '../output/progress.ts';
import { type Administrator, loadAdminPassword, settleAdminPassword } from './administrator.ts';
import type { ChildProgram } from './child-process.ts';
import { type DataFolder, diskFull, openDataFolder, sealDataFolder, writeWhole } from './data-folder.ts';
import { lockFolder } from './lock.ts';
import { isStatusMessage, type NodeAddress, type StatusMessage } from './messages.ts';
import { asPortError, assertPortFree } from './ports.ts';
import {
  balancerProgram,
  innerHost,
  type LocalGroup,
  nodeProgram,
  type ProgramScripts,
  tableServerProgram,
} from './programs.ts';
import {
  adoptStarter,
  buildStarterDatabase,
  findStarter,
  type LocalDatabase,
  listDatabases,
} from './starter-database.ts';
import { type StartFailure, type SupervisionEvent, Supervisor } from './supervisor.ts';

export interface ClusterSettings {
  readonly nodes: number;
  readonly host: string;
  readonly port: number;
  readonly dataPath: string;
  /** Each gets a node of its own. */
  readonly groups: readonly LocalGroup[];
  /** An existing table server; the cluster runs one of its own when undefined. */
  readonly configurationEndpoint: string | undefined;
  readonly clusterName: string;
  /** Of `SPECTRUM_ADMIN_PASSWORD`; the kept one, or a generated one, when undefined. */
  readonly adminPassword: string | undefined;
}

/** What the person who started the cluster wants to know. */
export interface ClusterFacts {
  readonly url: string;
  readonly folder: DataFolder;
  readonly administrator: Administrator;
  readonly nodeNames: readonly string[];
  readonly databases: readonly LocalDatabase[];
}

interface PlannedNode {
  readonly name: string;
  readonly group: LocalGroup | undefined;
}

/** A cluster on this machine: its processes in the order in which they were started. */
export class LocalCluster {
  readonly #children: Supervisor[] = [];
  readonly #endings: (() => Promise<void> | void)[] = [];
  #nodes: Supervisor[] = [];
  #balancer: Supervisor | undefined;
  #folder: DataFolder | undefined;
  #port: number;
  #tablePort = 0;
  #isUp = false;
  #onStatus: (message: StatusMessage) => void = () => undefined;

  constructor(
    private readonly settings: ClusterSettings,
    private readonly scripts: ProgramScripts,
    private readonly progress: Progress,
  ) {
    this.#port = settings.port;
  }

  /** Starts everything in order; throws `CommandError`, or the signal's reason when it is aborted. Then call `stop`. */
  async start(signal: AbortSignal): Promise<ClusterFacts> {
    const { settings } = this;
    const folder = openDataFolder(settings.dataPath);
    this.#folder = folder;
    const lock = await lockFolder(folder);
    this.#endings.push(() => lock.release());
    await assertPortFree(settings.host, settings.port);
    const password = loadAdminPassword(folder, settings.adminPassword);

    if (settings.configurationEndpoint === undefined) {
      this.progress.show('Starting the configuration database');
      await this.#startTableServer(folder, signal);
    }
    const starterBefore = findStarter(folder)?.vintage;
    await this.#provideStarterDatabase(folder, signal);
    sealDataFolder(folder);
    const databases = listDatabases(folder);

    const nodes = this.#planNodes();
    const nodeNames = nodes.map(({ name }) => name);
    this.progress.show(`Starting ${nodeNames.length === 1 ? 'the node' : `${nodeNames.length} nodes`}`);
    const starter = findStarter(folder);
    const starterDatabase = starter ? `${starter.database}/${starter.vintage}` : '';
    await this.#startNodes(folder, { nodes, adminPassword: password.kept, starterDatabase }, signal);

    this.progress.show('Starting the balancer');
    await this.#startBalancer(folder, signal);
    const url = this.#url();
    const administrator = await orAborted(settleAdminPassword(url, folder, password), signal);
    const isNewer = starterBefore !== undefined && starter !== undefined && starter.vintage !== starterBefore;
    if (isNewer && administrator.isCurrent) {
      await adoptStarter({ url, administrator, vintage: starter.vintage, progress: this.progress });
    }
    this.#isUp = true;
    this.#writeProcesses();
    return { url, folder, administrator, nodeNames, databases };
  }

  /** Ends the processes in order, the balancer first; resolves when all have gone and the folder is free. */
  async stop(): Promise<void> {
    this.#isUp = false;
    await this.#balancer?.stop();
    await Promise.all(this.#nodes.map((node) => node.stop()));
    for (const child of this.#children.toReversed()) await child.stop();
    if (this.#folder && this.#endings.length > 0) rmSync(this.#folder.processesFile, { force: true });
    for (const end of this.#endings.splice(0).toReversed()) await end();
  }

  /** Ends everything at once. */
  kill(): void {
    for (const child of this.#children) child.kill();
  }

  /** The nodes behind the balancer first; where clusters share a table server, no two nodes may share a name. */
  #planNodes(): readonly PlannedNode[] {
    const { nodes, groups, configurationEndpoint } = this.settings;
    const suffix = configurationEndpoint === undefined ? '' : `-${randomBytes(3).toString('hex')}`;
    return [
      ...Array.from({ length: nodes }, (_, at) => ({ name: `node-${at + 1}${suffix}`, group: undefined })),
      ...groups.map((group) => ({ name: `${group.name}-1${suffix}`, group })),
    ];
  }

  #configurationEndpoint(): string {
    return this.settings.configurationEndpoint ?? `http://${innerHost}:${this.#tablePort}`;
  }

  async #startTableServer(folder: DataFolder, signal: AbortSignal): Promise<void> {
    const program = tableServerProgram(this.scripts, folder, () => this.#tablePort);
    const table = this.#supervise(folder, program, (event) => {
      if (event.kind === 'ready') this.#tablePort = event.port;
    });
    await this.#untilStarted([table], signal);
  }

  async #provideStarterDatabase(folder: DataFolder, signal: AbortSignal): Promise<void> {
    // The builder knows which vintage this program's packages make, and leaves one that is there.
    const step = findStarter(folder) ? 'Checking the starter database' : 'Building the starter database';
    this.progress.show(step);
    await buildStarterDatabase(folder, this.scripts.builder, (detail) => this.progress.show(step, detail), signal);
  }

  async #startNodes(
    folder: DataFolder,
    start: { nodes: readonly PlannedNode[]; adminPassword: string; starterDatabase: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { adminPassword: password, starterDatabase } = start;
    const { clusterName } = this.settings;
    const endpoint = () => this.#configurationEndpoint();
    this.#nodes = start.nodes.map((node) => {
      const settings = { ...node, folder, clusterName, endpoint, password, starterDatabase };
      return this.#supervise(folder, nodeProgram(this.scripts, settings), (event) => {
        if (event.kind === 'ready' || event.kind === 'down') this.#tellBalancer();
      });
    });
    await this.#untilStarted(this.#nodes, signal);
  }

  async #startBalancer(folder: DataFolder, signal: AbortSignal): Promise<void> {
    const { host, nodes } = this.settings;
    const seesAll = new Promise<void>((resolve) => {
      this.#onStatus = ({ status }) => {
        if (status.filter(({ state }) => state === 'ready').length >= nodes) resolve();
      };
    });
    const balancer = this.#supervise(
      folder,
      balancerProgram(this.scripts, host, () => this.#port),
      (event) => {
        if (event.kind === 'message' && isStatusMessage(event.message)) this.#onStatus(event.message);
        if (event.kind !== 'ready') return;
        this.#port = event.port;
        this.#tellBalancer();
      },
    );
    this.#balancer = balancer;
    await this.#untilStarted([balancer], signal);
    await orAborted(seesAll, signal);
  }

  #supervise(folder: DataFolder, program: ChildProgram, onEvent: (event: SupervisionEvent) => void): Supervisor {
    const child = new Supervisor(program, join(folder.logs, `${program.name}.log`), (event) => {
      onEvent(event);
      this.#tellPerson(program.name, event);
      if (this.#isUp && (event.kind === 'ready' || event.kind === 'down')) this.#writeProcesses();
    });
    this.#children.push(child);
    return child;
  }

  async #untilStarted(children: readonly Supervisor[], signal: AbortSignal): Promise<void> {
    const failures = await orAborted(Promise.all(children.map(({ started }) => started)), signal);
    const failure = failures.find((each) => each !== undefined);
    if (failure) throw this.#startError(failure);
  }

  #startError({ name, reason, logFile, isDiskFull }: StartFailure): Error {
    if (isDiskFull) return diskFull(this.settings.dataPath);
    const { host } = this.settings;
    if (name === 'balancer' && reason.includes('EADDRINUSE')) {
      return asPortError(host, this.#port, Object.assign(new Error(reason), { code: 'EADDRINUSE' }));
    }
    return new CommandError('childFailed', `${name} does not start: ${reason}; see ${logFile}`);
  }

  #tellBalancer(): void {
    // Nodes of groups are called by the others, so that their stops and starts touch nobody else's requests.
    const nodes = this.#nodes
      .slice(0, this.settings.nodes)
      .flatMap(({ name, port }): NodeAddress[] => (port ? [{ name, host: innerHost, port }] : []));
    this.#balancer?.send({ nodes });
  }

  #tellPerson(name: string, event: SupervisionEvent): void {
    if (!this.#isUp) return;
    if (event.kind === 'ready') this.progress.say(`${name} is back`);
    if (event.kind !== 'restarting') return;
    const { code, signal } = event.exit;
    const pause = event.delayMs < 1_000 ? '' : ` in ${Math.round(event.delayMs / 1_000)} s`;
    this.progress.say(`${name} ended (${signal ?? `code ${code}`}); starting it again${pause}`);
  }

  #writeProcesses(): void {
    if (!this.#folder) return;
    const configurationEndpoint = this.#configurationEndpoint();
    const { clusterName: cluster } = this.settings;
    const processes = this.#children.map(({ name, pid, port }) => ({ name, pid: pid ?? null, port: port ?? null }));
    try {
      writeWhole(
        this.#folder.processesFile,
        `${JSON.stringify({ pid: process.pid, url: this.#url(), cluster, configurationEndpoint, processes }, null, 2)}\n`,
      );
    } catch (error) {
      // Only a service to people: a disk that filled up later must not end a cluster that still answers.
      this.progress.say(
        `${this.#folder.processesFile} cannot be written: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  #url(): string {
    const { host } = this.settings;
    const shown = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
    return `http://${shown.includes(':') ? `[${shown}]` : shown}:${this.#port}`;
  }
}

function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
