import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { ensureDynamoTable, openDynamoTable } from '../../server/configuration/dynamodb.ts';
import { startEpoch } from '../../server/configuration/epochs.ts';
import { callTableServer, fetchDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import type { ChaosNodeSettings } from '../support/table-chaos-node.ts';
import { checkRun } from '../support/table-checker.ts';
import { type FaultProxy, startFaultProxy } from '../support/table-fault-proxy.ts';
import type { ArchivedChange, JournalEntry, RawItem } from '../support/table-journal.ts';
import { VirtualTiming } from '../support/virtual-timing.ts';

/**
 * ```
 * 4 processes of 2 writers ─┐
 *                           ├─ fault proxy ─ table server        operator ─ the same server, directly
 * 4 follower processes ─────┘
 * ```
 */
const root = resolve(__dirname, '../..');
const seconds = Number(process.env.CHAOS_SECONDS ?? 20);
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
// Only the choices of this test are drawn from the seed: processes and sockets keep their own time.
const { random } = new VirtualTiming(seed);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chaos-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface TableEngine {
  readonly name: string;
  /** Starts it on a folder, on a free port when `port` is 0. */
  start(data: string, port: number): Promise<{ readonly child: ChildProcess; readonly port: number }>;
}

const embedded: TableEngine = {
  name: 'the embedded server',
  async start(data, port) {
    const program = join(folder, 'tables.cjs');
    if (!existsSync(program)) bundle('cli/local/embedded-dynamodb.ts', program);
    const variables = { SPECTRUM_EMBEDDED_PATH: data, SPECTRUM_EMBEDDED_PORT: String(port) };
    const child = fork(program, [], { env: childEnvironment(variables) });
    const [ready] = (await once(child, 'message')) as [{ port: number }];
    return { child, port: ready.port };
  },
};

const fetched = fetchDynamoDbLocal();
const engines: readonly TableEngine[] = [
  embedded,
  ...('home' in fetched
    ? [
        {
          name: 'DynamoDB Local',
          start: (data: string, port: number) => startDynamoDbLocal(fetched.home, data, port),
        },
      ]
    : []),
];
if ('missing' in fetched) {
  process.stderr.write(`SKIPPED: chaos on DynamoDB Local, as ${fetched.missing}\n`);
  test.skip(`on DynamoDB Local: ${fetched.missing}`, () => undefined);
}

test.each(engines)(
  `on $name: real processes, faults on every connection, kills, pauses and moves: every promise is kept (seed ${seed})`,
  async (engine) => {
    const run = new ChaosRun(engine, mkdtempSync(join(folder, 'run-')));
    try {
      await run.start();
      await run.disturb(seconds * 1_000);
      await run.settle();
      const journal = run.readJournal();
      const violations = checkRun('chaos', await run.readTable(), run.readArchive(), journal);
      expect(violations).toEqual([]);
      expect(journal.filter(({ what }) => what === 'acknowledged').length).toBeGreaterThan(10);
      expect(journal.filter(({ what }) => what === 'final')).toHaveLength(8);
    } finally {
      await run.end();
    }
  },
  (seconds + 240) * 1_000,
);

interface RunningNode {
  readonly settings: ChaosNodeSettings;
  child: ChildProcess;
  isReady: boolean;
}

class ChaosRun {
  constructor(
    private readonly engine: TableEngine,
    private readonly place: string,
  ) {}

  private tables: ChildProcess | undefined;
  private tablePort = 0;
  private proxy: FaultProxy | undefined;
  private readonly nodes = new Map<string, RunningNode>();
  private readonly program = join(folder, 'node.cjs');

  async start(): Promise<void> {
    bundle('test/support/table-chaos-node.ts', this.program);
    mkdirSync(join(this.place, 'tables'));
    await this.startTables();
    for (const tableName of ['configuration', 'runtime']) await ensureDynamoTable(this.table(tableName));
    this.proxy = await startFaultProxy(this.tablePort, random);
    for (let index = 0; index < 8; index++) this.startNode(`node${index}`, 1, index < 4 ? 2 : 0, index % 2 ? 'a' : 'b');
    await this.waitFor('every node is ready', () => [...this.nodes.values()].every(({ isReady }) => isReady));
    this.proxy.setFaults(0.15);
  }

  /** One disturbance after another until the time is over; a home move and a forced move are always among them. */
  async disturb(durationMs: number): Promise<void> {
    const endMs = performance.now() + durationMs;
    const actions = [
      () => this.kill(),
      () => this.pauseNode(),
      async () => this.proxy?.cutOff(500 + random() * 1_500),
      () => this.restartTables(),
      async () => this.moveHome('a'),
      () => this.forceMove(),
      async () => this.moveHome('b'),
    ];
    for (let turn = 0; performance.now() < endMs || turn < actions.length; turn++) {
      await pause(700 + random() * 1_500);
      await actions[turn < actions.length ? turn : Math.floor(random() * 4)]?.();
    }
  }

  async settle(): Promise<void> {
    this.proxy?.setFaults(0);
    await this.waitFor('every node is ready', () => [...this.nodes.values()].every(({ isReady }) => isReady));
    for (const { child } of this.nodes.values()) child.send('rest');
    // Longer than any write, any late call and any look for a new epoch.
    await pause(9_000);
    for (const { child } of this.nodes.values()) {
      child.send('final');
      await once(child, 'message');
    }
  }

  readJournal(): JournalEntry[] {
    return [...this.nodes.values()].flatMap(({ settings }) => readLines<JournalEntry>(settings.journal));
  }

  readArchive(): ArchivedChange[] {
    const place = join(this.place, 'archive', 'chaos');
    if (!existsSync(place)) return [];
    return readdirSync(place)
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => {
        const epoch = Number(name.split('-')[1]);
        return readLines<ArchivedChange>(join(place, name)).map((change) => ({ ...change, epoch }));
      });
  }

  /** By the protocol itself, not by the code under test. */
  async readTable(): Promise<RawItem[]> {
    const items: RawItem[] = [];
    for (let start: unknown, more = true; more; ) {
      const question = { TableName: 'configuration', ...(start === undefined ? {} : { ExclusiveStartKey: start }) };
      const answer = await callTableServer(this.tablePort, 'Scan', question);
      const page = (await answer.json()) as { Items: Record<string, unknown>[]; LastEvaluatedKey?: unknown };
      items.push(...page.Items.map(toRawItem));
      start = page.LastEvaluatedKey;
      more = start !== undefined;
    }
    return items;
  }

  async end(): Promise<void> {
    for (const { child } of this.nodes.values()) child.kill('SIGKILL');
    await this.proxy?.close();
    this.tables?.kill('SIGKILL');
  }

  private startNode(name: string, life: number, writers: number, region: string): void {
    const settings: ChaosNodeSettings = {
      name,
      life,
      writers,
      region,
      endpoint: `http://127.0.0.1:${this.proxy?.port}`,
      journal: join(this.place, `${name}.jsonl`),
      archive: join(this.place, 'archive'),
    };
    const child = fork(this.program, [], { env: childEnvironment({ CHAOS_NODE: JSON.stringify(settings) }) });
    const node: RunningNode = { settings, child, isReady: false };
    child.once('message', () => {
      node.isReady = true;
    });
    this.nodes.set(name, node);
  }

  private async kill(): Promise<void> {
    const { settings, child } = this.anyNode();
    child.kill('SIGKILL');
    await once(child, 'exit');
    this.startNode(settings.name, settings.life + 1, settings.writers, settings.region);
  }

  private async pauseNode(): Promise<void> {
    const { child } = this.anyNode();
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), 1_000 + random() * 4_000);
  }

  private async restartTables(): Promise<void> {
    const { tables } = this;
    tables?.kill('SIGKILL');
    if (tables) await once(tables, 'exit');
    await pause(random() * 800);
    await this.startTables();
  }

  private async startTables(): Promise<void> {
    const { child, port } = await this.engine.start(join(this.place, 'tables'), this.tablePort);
    this.tables = child;
    this.tablePort = port;
  }

  private moveHome(home: string): void {
    const node = this.anyNode();
    if (node.isReady) node.child.send(`move ${home}`);
  }

  private async forceMove(): Promise<void> {
    const table = openDynamoTable(this.table('configuration'));
    const options = { table, authority: table, clusterName: 'chaos', dryRun: false, nowMs: Date.now() };
    await startEpoch({ ...options, by: 'op', reason: 'drill' });
    table.close();
  }

  private table(tableName: string) {
    return { tableName, endpoint: `http://127.0.0.1:${this.tablePort}` };
  }

  private anyNode(): RunningNode {
    return [...this.nodes.values()][Math.floor(random() * this.nodes.size)] as RunningNode;
  }

  private async waitFor(what: string, isSo: () => boolean): Promise<void> {
    for (const endMs = performance.now() + 60_000; !isSo(); await pause(20)) {
      if (performance.now() > endMs) throw new Error(`not within a minute: ${what}`);
    }
  }
}

function bundle(entry: string, outfile: string): void {
  const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' } as const;
  buildSync({ ...options, entryPoints: [join(root, entry)], outfile, external: ['dynalite'] });
}

function childEnvironment(variables: Record<string, string>) {
  return { ...process.env, NODE_PATH: join(root, 'node_modules'), ...variables };
}

function readLines<Line>(path: string): Line[] {
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function toRawItem(item: Record<string, unknown>): RawItem {
  const plain = Object.entries(item).map(([name, value]) => [name, toPlain(value)] as const);
  const { pk, sk, ...attributes } = Object.fromEntries(plain);
  return { partition: String(pk), sort: String(sk), attributes };
}

function toPlain(value: unknown): unknown {
  const [inner] = Object.values(value as object);
  return Array.isArray(inner) ? inner.map(toPlain) : inner;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, delayMs));
}
