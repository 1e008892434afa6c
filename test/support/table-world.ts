import { createLease } from '../../server/cluster/leases.ts';
import { collectGarbage } from '../../server/configuration/collection.ts';
import { compactLog } from '../../server/configuration/compaction.ts';
import { startEpoch } from '../../server/configuration/epochs.ts';
import type { ConfigurationDatabase, ConfigurationWrite } from '../../server/configuration/model.ts';
import { openConfigurationOn } from '../../server/configuration/open.ts';
import { type Item, type Table, TableError } from '../../server/configuration/table.ts';
import type { ArchivedChange, JournalEntry, RawItem } from './table-journal.ts';
import { MemoryTable } from './table-memory.ts';
import { VirtualTiming } from './virtual-timing.ts';

/** A whole cluster under faults on a virtual clock: the same seed is the same run. */
export interface WorldOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly faultShare: number;
}

export interface WorldResult {
  readonly items: RawItem[];
  readonly archive: ArchivedChange[];
  readonly journal: JournalEntry[];
}

export const worldCluster = 'chaos';
const writerNodes = 4;
const writersPerNode = 2;
const followerNodes = 4;
const names = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
/** How long an eventual read may not show a single item. */
const longestLagMs = 300;

export async function runWorld(options: WorldOptions): Promise<WorldResult> {
  const world = new World(options);
  await world.timing.until(world.run());
  return world.result();
}

interface Node {
  readonly name: string;
  readonly region: string;
  life: number;
  configuration: ConfigurationDatabase | undefined;
  pausedUntilMs: number;
  /** Until then nearly every call of the node goes wrong. */
  badUntilMs: number;
}

class World {
  readonly timing: VirtualTiming;
  private readonly store = new MemoryTable();
  private readonly runtime = new MemoryTable();
  private readonly writtenAt = new Map<string, number>();
  private readonly journal: JournalEntry[] = [];
  private readonly archive: ArchivedChange[] = [];
  private readonly nodes: Node[] = [];
  private isFaulty = true;
  private outageUntilMs = 0;
  private isOver = false;
  private sequence = 0;

  constructor(private readonly options: WorldOptions) {
    this.timing = new VirtualTiming(options.seed);
  }

  async run(): Promise<void> {
    for (let index = 0; index < writerNodes + followerNodes; index++) {
      const kind = index < writerNodes ? 'writer' : 'follower';
      this.nodes.push({
        name: `${kind}${index}`,
        region: index % 2 ? 'a' : 'b',
        life: 0,
        configuration: undefined,
        pausedUntilMs: 0,
        badUntilMs: 0,
      });
    }
    await Promise.all(this.nodes.map((node) => this.start(node)));
    const work = this.nodes
      .slice(0, writerNodes)
      .flatMap((node) => [
        ...Array.from({ length: writersPerNode }, () => this.write(node)),
        this.keepCompacting(node),
      ]);
    const troubles = [this.killNodes(), this.pauseNodes(), this.breakTable(), this.moveHomes(), this.moveEpoch()];
    await this.sleep(this.options.durationMs);
    this.isOver = true;
    await Promise.all([...work, ...troubles]);
    this.isFaulty = false;
    for (const node of this.nodes) if (!node.configuration) await this.start(node);
    await this.sleep(60_000);
    for (const node of this.nodes) this.tellFinal(node);
    for (const node of this.nodes) await node.configuration?.close();
  }

  result(): WorldResult {
    const items = [...this.store.partitions].flatMap(([partition, sorts]) =>
      [...sorts].map(([sort, attributes]) => ({ partition, sort, attributes })),
    );
    return { items, archive: this.archive, journal: this.journal };
  }

  private async start(node: Node): Promise<void> {
    const { name } = node;
    const life = ++node.life;
    const table = this.connect(node, life, this.store);
    this.journal.push({ what: 'start', node: name, atMs: this.timing.monotonicMs() });
    const configuration = await openConfigurationOn(table, {
      clusterName: worldCluster,
      region: node.region,
      tableOfRegion: () => table,
      timing: this.timing,
      snapshotInterval: 15,
      startTimeoutMs: 600_000,
      writeDeadlineMs: 1_500,
    }).catch(() => undefined);
    if (!configuration) return;
    if (node.life !== life) return configuration.close();
    const see = (isStart: boolean) => {
      if (node.life !== life) return;
      const { epoch, revision } = configuration.snapshot();
      this.journal.push({ what: 'seen', node: name, atMs: this.timing.monotonicMs(), epoch, revision, isStart });
    };
    node.configuration = configuration;
    configuration.onChange(() => see(false));
    see(true);
  }

  /** A connection with latency and faults, which ends with this life of the node. */
  private connect(node: Node, life: number, store: MemoryTable): Table {
    const { timing } = this;
    const call = async <Result>(isWrite: boolean, run: () => Promise<Result>): Promise<Result> => {
      await this.sleep(1 + timing.random() * 10 + Math.max(0, node.pausedUntilMs - timing.monotonicMs()));
      if (node.life !== life) return new Promise<never>(() => undefined);
      if (timing.monotonicMs() < this.outageUntilMs) throw new TableError('unreachable', 'table is down');
      const share = timing.monotonicMs() < node.badUntilMs ? 1.2 : this.options.faultShare;
      const fault = this.isFaulty ? timing.random() / share : 1;
      if (fault < 0.2) throw new TableError('throttled', 'throttled');
      if (fault < 0.4) throw new TableError('unreachable', 'request lost');
      if (fault < 0.6 && isWrite) {
        timing.after(timing.random() * 3_000, () => void run());
        throw new TableError('unreachable', 'on its way');
      }
      const result = await run();
      if (fault < 0.7 && isWrite) timing.after(timing.random() * 1_000, () => void run());
      if (fault < 0.9) {
        if (fault > 0.7 || !isWrite) throw new TableError('unreachable', 'answer lost');
      }
      await this.sleep(timing.random() * 5);
      return node.life === life ? result : new Promise<never>(() => undefined);
    };
    return {
      get: (key, reading) =>
        call(false, async () => {
          const item = await store.get(key);
          return reading === 'strong' || !item || this.isVisible(item) ? item : undefined;
        }),
      query: (range, reading) =>
        call(false, async () => {
          const page = await store.query(range);
          return reading === 'strong' ? page : { ...page, items: page.items.filter((item) => this.isVisible(item)) };
        }),
      put: (key, attributes, condition) =>
        call(true, async () => {
          const result = await store.put(key, attributes, condition);
          if (result === 'written') this.writtenAt.set(`${key.partition}|${key.sort}`, timing.monotonicMs());
          return result;
        }),
      delete: (key, condition) => call(true, () => store.delete(key, condition)),
      scan: (scan) => call(false, () => store.scan(scan)),
      close: () => undefined,
    };
  }

  /** Each item becomes visible to eventual reads after a time of its own. */
  private isVisible({ key }: Item): boolean {
    const atMs = this.writtenAt.get(`${key.partition}|${key.sort}`) ?? 0;
    return this.timing.monotonicMs() - atMs > this.timing.random() * longestLagMs;
  }

  private async write(node: Node): Promise<void> {
    while (!this.isOver) {
      await this.sleep(this.timing.random() * 250);
      if (node.configuration) await this.writeOnce(node, node.configuration);
    }
  }

  private async writeOnce(node: Node, configuration: ConfigurationDatabase): Promise<void> {
    const change = this.nextChange(node.name, configuration);
    const sent = { node: node.name, id: String(change.idempotencyKey), name: change.name, expected: change.expected };
    let through = { node, life: node.life, configuration };
    for (let tries = 0; tries < 4; tries++) {
      const outcome = await this.orDeath(through.node, through.life, attempt(through.configuration, change));
      if (outcome === 'dead') {
        this.journal.push({ what: 'unknown', ...sent });
        through = await this.anyOpenNode();
        continue;
      }
      if (outcome.kind === 'done') {
        const { epoch, revision } = outcome;
        this.journal.push({ what: 'acknowledged', atMs: this.timing.monotonicMs(), epoch, revision, ...sent });
        if (this.timing.random() > 0.05) return;
        // The answer is lost between node and client, which sends the change again somewhere.
        through = await this.anyOpenNode();
        continue;
      }
      if (outcome.code !== 'OUTCOME_UNKNOWN') {
        // Of a repetition only a refusal of the change itself says that no attempt has been carried out.
        if (tries === 0 || outcome.code === 'REVISION_CONFLICT')
          this.journal.push({ what: 'refused', code: outcome.code, ...sent });
        return;
      }
      this.journal.push({ what: 'unknown', ...sent });
      // Sent again by a client that waits a while, so that the log has moved on.
      await this.sleep(this.timing.random() * 4_000);
    }
  }

  private nextChange(by: string, configuration: ConfigurationDatabase): ConfigurationWrite {
    const name = names[Math.floor(this.timing.random() * names.length)] ?? 'c0';
    const current = configuration.snapshot().find<{ value: { count: number } }>('setting', name);
    const operation = current && this.timing.random() < 0.1 ? 'delete' : 'put';
    const filler = this.timing.random() < 0.1 ? 'x'.repeat(6_000) : '';
    const value = { value: { count: (current?.value.value.count ?? 0) + 1, filler } };
    const idempotencyKey = `${by}-${++this.sequence}`;
    const expected = current?.revision ?? 'absent';
    return { kind: 'setting', name, operation, by, expected, idempotencyKey, ...(operation === 'put' && { value }) };
  }

  /** The owner of the lease compacts, as one node of a cluster does. */
  private async keepCompacting(node: Node): Promise<void> {
    while (!this.isOver) {
      const { life } = node;
      const owner = `${node.name}.${life}`;
      const table = this.connect(node, life, this.runtime);
      const lease = createLease({
        table,
        clusterName: worldCluster,
        name: 'compaction',
        owner,
        durationMs: 3_000,
        timing: this.timing,
      });
      while (!this.isOver && node.life === life) {
        const token = await this.orDeath(node, life, lease.attempt());
        if (typeof token === 'number') {
          this.journal.push({ what: 'lease', node: node.name, owner, token });
          await this.orDeath(
            node,
            life,
            this.compact(node, life).catch(() => undefined),
          );
        }
        await this.sleep(500 + this.timing.random() * 1_000);
      }
      await this.sleep(100);
    }
  }

  private async compact(node: Node, life: number): Promise<void> {
    const epoch = node.configuration?.snapshot().epoch;
    if (epoch === undefined) return;
    const table = this.connect(node, life, this.store);
    const store = async (_: string, from: number, changes: readonly Omit<ArchivedChange, 'epoch'>[]) => {
      for (const change of changes) this.archive.push({ ...change, epoch: from });
    };
    const log = { table, authority: () => table, clusterName: worldCluster, epoch };
    await compactLog(log, { archive: { store }, nowMs: this.timing.nowMs(), retainMs: 0 });
    // So many calls in a row all but never go well: one that fails is tried again.
    const sturdy = this.tryAgain(table);
    await collectGarbage({ ...log, table: sturdy, authority: () => sturdy });
  }

  private tryAgain(table: Table): Table {
    const again = async <Result>(call: () => Promise<Result>): Promise<Result> => {
      for (;;) {
        try {
          return await call();
        } catch (error) {
          if (!(error instanceof TableError) || this.isOver) throw error;
          await this.sleep(20);
        }
      }
    };
    return {
      get: (...words) => again(() => table.get(...words)),
      query: (...words) => again(() => table.query(...words)),
      put: (...words) => again(() => table.put(...words)),
      delete: (...words) => again(() => table.delete(...words)),
      scan: (...words) => again(() => table.scan(...words)),
      close: () => undefined,
    };
  }

  private async killNodes(): Promise<void> {
    while (!this.isOver) {
      await this.sleep(1_000 + this.timing.random() * 4_000);
      const node = this.anyNode();
      const { configuration } = node;
      node.life++;
      node.configuration = undefined;
      void configuration?.close();
      await this.sleep(this.timing.random() * 500);
      await this.start(node);
    }
  }

  private async pauseNodes(): Promise<void> {
    while (!this.isOver) {
      await this.sleep(2_000 + this.timing.random() * 4_000);
      this.anyNode().pausedUntilMs = this.timing.monotonicMs() + this.timing.random() * 6_000;
      this.anyNode().badUntilMs = this.timing.monotonicMs() + 2_000 + this.timing.random() * 3_000;
    }
  }

  private async breakTable(): Promise<void> {
    while (!this.isOver) {
      await this.sleep(5_000 + this.timing.random() * 10_000);
      this.outageUntilMs = this.timing.monotonicMs() + this.timing.random() * 3_000;
    }
  }

  private async moveHomes(): Promise<void> {
    for (let home = 'a'; !this.isOver; home = home === 'a' ? 'b' : 'a') {
      await this.sleep(6_000 + this.timing.random() * 6_000);
      const node = this.anyNode();
      const { configuration, life } = node;
      if (configuration)
        await this.orDeath(
          node,
          life,
          configuration.moveHome(home, 'op', 'drill').catch(() => undefined),
        );
    }
  }

  private async moveEpoch(): Promise<void> {
    await this.sleep(this.options.durationMs * (0.3 + 0.3 * this.timing.random()));
    // The operator's own connection is sound, and a started move is finished however long it takes.
    const options = { table: this.store, authority: this.store, clusterName: worldCluster, dryRun: false };
    await startEpoch({ ...options, by: 'op', reason: 'drill', nowMs: this.timing.nowMs() });
  }

  private tellFinal({ name, configuration }: Node): void {
    if (!configuration) return;
    const { epoch, revision, digest } = configuration.status();
    const settings = configuration.snapshot().list('setting');
    const content = Object.fromEntries(
      settings.map((object) => [object.name, [object.revision, JSON.stringify(object.value)] as const]),
    );
    this.journal.push({ what: 'final', node: name, epoch, revision, digest, content });
  }

  /** Where a client goes whose node has died. */
  private async anyOpenNode(): Promise<{ node: Node; life: number; configuration: ConfigurationDatabase }> {
    for (;;) {
      await this.sleep(this.timing.random() * 2_000);
      const node = this.anyNode();
      if (node.configuration) return { node, life: node.life, configuration: node.configuration };
    }
  }

  private anyNode(): Node {
    return this.nodes[Math.floor(this.timing.random() * this.nodes.length)] as Node;
  }

  /** The promise, or `dead` when the node is killed first. */
  private async orDeath<Result>(node: Node, life: number, promise: Promise<Result>): Promise<Result | 'dead'> {
    let done = false;
    const death = (async () => {
      while (node.life === life && !done) await this.sleep(100);
      return 'dead' as const;
    })();
    const result = await Promise.race([promise, death]);
    done = true;
    return result;
  }

  private sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.timing.after(delayMs, resolve);
    });
  }
}

async function attempt(configuration: ConfigurationDatabase, change: ConfigurationWrite) {
  try {
    const { epoch, revision } = await configuration.commit(change);
    return { kind: 'done', epoch, revision } as const;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { kind: 'failed', code } as const;
  }
}
