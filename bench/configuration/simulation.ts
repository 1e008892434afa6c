import type { ConfigurationDatabase } from '../../server/configuration/model.ts';
import { openConfigurationOn } from '../../server/configuration/open.ts';
import { type Table, TableError } from '../../server/configuration/table.ts';
import { settingWrite } from '../../test/support/table-configuration.ts';
import { MemoryTable } from '../../test/support/table-memory.ts';
import { VirtualTiming } from '../../test/support/virtual-timing.ts';

/** How the simulated table behaves. */
export interface TableModel {
  /** Milliseconds of one call: the middle, and one in a hundred. DynamoDB documents single-digit milliseconds. */
  readonly callMs: { readonly median: number; readonly p99: number };
  /** An eventual read may miss a write for this long: the middle, and one in a hundred. */
  readonly lagMs: { readonly median: number; readonly p99: number };
  /** Read units a second that one partition gives before it throttles. */
  readonly partitionReadUnits: number;
}

/** DynamoDB in one region: calls of 4 to 20 ms, copies usually within tens of milliseconds, 3,000 units a partition. */
export const dynamoModel: TableModel = {
  callMs: { median: 4, p99: 20 },
  lagMs: { median: 15, p99: 150 },
  partitionReadUnits: 3_000,
};

export interface SimulationResult {
  /** Milliseconds from acknowledgement to visibility, for every change and follower. */
  readonly propagationMs: readonly number[];
  /** Read units a second of one follower, while nothing changes and under one change a second. */
  readonly restUnits: number;
  readonly busyUnits: number;
  readonly throttledReads: number;
}

const warmUpMs = 20_000;
const changes = 12;

/** The same follower code on a virtual clock, against a table with documented latencies and limits. */
export function simulateFollowers(followers: number, model: TableModel, seed: number): Promise<SimulationResult> {
  const timing = new VirtualTiming(seed);
  return timing.until(simulate(timing, followers, model));
}

async function simulate(timing: VirtualTiming, followers: number, model: TableModel): Promise<SimulationResult> {
  const world = new SimulatedTable(timing, model);
  const options = { clusterName: 'bench', timing, followers: () => followers, startTimeoutMs: 600_000 };
  const nodes = await Promise.all(
    Array.from({ length: followers }, async () => {
      // Nodes do not all start in the same moment.
      await sleep(timing, timing.random() * warmUpMs);
      return openConfigurationOn(world.connect(), options);
    }),
  );
  const writer = await openConfigurationOn(world.connect(), options);
  await sleep(timing, warmUpMs);
  const rest = await unitsDuring(timing, nodes, () => sleep(timing, 30_000));
  const propagationMs: number[] = [];
  for (let change = 0; change < changes; change++) {
    propagationMs.push(...(await propagate(timing, writer, nodes, `rest-${change}`)));
    await sleep(timing, 10_000 + timing.random() * 1_000);
  }
  const busy = await unitsDuring(timing, nodes, async () => {
    for (let change = 0; change < 20; change++) {
      await writer.commit(settingWrite(`busy-${change}`, change));
      await sleep(timing, 1_000);
    }
  });
  for (const node of [...nodes, writer]) await node.close();
  return { propagationMs, restUnits: rest, busyUnits: busy, throttledReads: world.throttledReads };
}

/** One change, and when each follower shows it. */
async function propagate(
  timing: VirtualTiming,
  writer: ConfigurationDatabase,
  nodes: readonly ConfigurationDatabase[],
  name: string,
): Promise<number[]> {
  const seenAt: number[] = [];
  const stops = nodes.map((node) => {
    const stop = node.onChange((snapshot) => {
      if (snapshot.find('setting', name)) seenAt.push(timing.monotonicMs());
    });
    return stop;
  });
  const { revision } = await writer.commit(settingWrite(name, 1));
  const committedAtMs = timing.monotonicMs();
  while (nodes.some((node) => node.snapshot().revision < revision)) await sleep(timing, 50);
  for (const stop of stops) stop();
  return seenAt.map((atMs) => Math.max(0, atMs - committedAtMs));
}

async function unitsDuring(
  timing: VirtualTiming,
  nodes: readonly ConfigurationDatabase[],
  run: () => Promise<void>,
): Promise<number> {
  const units = () => nodes.reduce((sum, node) => sum + node.status().readUnits, 0);
  const [before, startMs] = [units(), timing.monotonicMs()];
  await run();
  return (units() - before) / nodes.length / ((timing.monotonicMs() - startMs) / 1_000);
}

class SimulatedTable {
  throttledReads = 0;
  private readonly store = new MemoryTable();
  private readonly writtenAt = new Map<string, number>();
  private second = 0;
  private unitsThisSecond = 0;

  constructor(
    private readonly timing: VirtualTiming,
    private readonly model: TableModel,
  ) {}

  connect(): Table {
    const { timing, store } = this;
    const call = async <Result>(run: () => Promise<Result>): Promise<Result> => {
      const callMs = this.logNormal(this.model.callMs);
      await sleep(timing, callMs / 2);
      const result = await run();
      await sleep(timing, callMs / 2);
      return result;
    };
    return {
      get: (key) => call(() => store.get(key)),
      query: (range, reading) =>
        call(async () => {
          this.charge(reading === 'strong' ? 1 : 0.5);
          const page = await store.query(range);
          if (reading === 'strong') return page;
          const items = page.items.filter(({ key }) => this.isVisible(`${key.partition}|${key.sort}`));
          return { ...page, items };
        }),
      put: (key, attributes, condition) =>
        call(async () => {
          const result = await store.put(key, attributes, condition);
          this.writtenAt.set(`${key.partition}|${key.sort}`, timing.monotonicMs());
          return result;
        }),
      delete: (key, condition) => call(() => store.delete(key, condition)),
      scan: (scan) => call(() => store.scan(scan)),
      close: () => undefined,
    };
  }

  private charge(units: number): void {
    const second = Math.floor(this.timing.monotonicMs() / 1_000);
    if (second !== this.second) [this.second, this.unitsThisSecond] = [second, 0];
    this.unitsThisSecond += units;
    if (this.unitsThisSecond <= this.model.partitionReadUnits) return;
    this.throttledReads++;
    throw new TableError('throttled', 'simulated: partition limit');
  }

  private isVisible(name: string): boolean {
    const atMs = this.writtenAt.get(name) ?? 0;
    return this.timing.monotonicMs() - atMs >= this.logNormal(this.model.lagMs);
  }

  private logNormal({ median, p99 }: { median: number; p99: number }): number {
    const { random } = this.timing;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return median * Math.exp((normal * Math.log(p99 / median)) / 2.326);
  }
}

function sleep(timing: VirtualTiming, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    timing.after(delayMs, resolve);
  });
}
