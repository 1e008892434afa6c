import { createLease } from '../../server/cluster/index.ts';
import type { ConfigurationSnapshot, Table, Timing } from '../../server/configuration/index.ts';
import { TableError } from '../../server/configuration/index.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { RunStore } from '../../server/jobs/run-store.ts';
import type { FlowStarter } from '../../server/schedules/flow-starter.ts';
import { ScheduleStore } from '../../server/schedules/schedule-store.ts';
import { Scheduler } from '../../server/schedules/scheduler.ts';
import { MemoryTable } from './table-memory.ts';
import { VirtualTiming } from './virtual-timing.ts';

interface SimulatedSchedule {
  readonly name: string;
  readonly pattern: string;
  /** Whether the pattern holds at a reading of the clock, said without the library. */
  isDue(local: { readonly hour: number; readonly minute: number; readonly second: number }): boolean;
}

export interface Scenario {
  readonly timeZone: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly hours: number;
  readonly schedules: readonly SimulatedSchedule[];
}

export interface SimulationResult {
  /** Times at which a schedule was due. */
  readonly due: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly unexpected: readonly string[];
  readonly kills: number;
  readonly hangs: number;
}

/** Changes of the clocks in three zones: 1,000 times in all. */
export const clockChanges: readonly Scenario[] = [
  {
    timeZone: 'Europe/Berlin',
    from: '2026-10-24T22:30:00Z',
    hours: 5,
    schedules: [
      {
        name: 'half minutes',
        pattern: '0,30 * 1-3 * * *',
        isDue: ({ hour, second }) => isIn(hour, 1, 3) && second % 30 === 0,
      },
    ],
  },
  {
    timeZone: 'Europe/Berlin',
    from: '2026-03-28T23:30:00Z',
    hours: 4,
    schedules: [
      {
        name: 'half minutes',
        pattern: '0,30 * 1-3 * * *',
        isDue: ({ hour, second }) => isIn(hour, 1, 3) && second % 30 === 0,
      },
      // It is skipped and made up for at 03:00.
      {
        name: 'nightly',
        pattern: '30 2 * * *',
        isDue: ({ hour, minute, second }) => hour === 3 && minute + second === 0,
      },
    ],
  },
  {
    timeZone: 'America/New_York',
    from: '2026-11-01T03:30:00Z',
    hours: 5,
    schedules: [
      { name: 'minutes', pattern: '* 0-2 * * *', isDue: ({ hour, second }) => isIn(hour, 0, 2) && second === 0 },
    ],
  },
  {
    // Its clocks go forward by half an hour.
    timeZone: 'Australia/Lord_Howe',
    from: '2026-10-03T13:00:00Z',
    hours: 5,
    schedules: [
      {
        name: 'five minutes',
        pattern: '5-55/5 0-3 * * *',
        isDue: ({ hour, minute, second }) => isIn(hour, 0, 3) && minute > 0 && minute % 5 === 0 && second === 0,
      },
    ],
  },
];

const isIn = (value: number, least: number, most: number) => value >= least && value <= most;
const clusterName = 'simulated';
const leaseMs = 15_000;
const skews = [-2_000, 0, 2_000];

/** Three nodes with clocks apart, of which one after the other dies or hangs, over a table that fails now and then. */
export async function simulateSchedules(scenario: Scenario, seed: number): Promise<SimulationResult> {
  const world = new World(scenario, seed);
  for (const skewMs of skews) world.startNode(skewMs);
  const endMs = scenario.hours * 3_600_000;
  while (world.timing.monotonicMs() < endMs) {
    await world.timing.pass(20_000 + 100_000 * world.timing.random());
    world.disturb();
  }
  // Whatever was due is made up for.
  await world.timing.pass(120_000);
  return world.judge();
}

class World {
  readonly timing: VirtualTiming;
  readonly #table = new MemoryTable();
  readonly #scenario: Scenario;
  readonly #nodes: SimulatedNode[] = [];
  #kills = 0;
  #hangs = 0;

  constructor(scenario: Scenario, seed: number) {
    this.#scenario = scenario;
    this.timing = new VirtualTiming(seed);
  }

  startNode(skewMs: number): void {
    const startMs = Date.parse(this.#scenario.from);
    const owner = `node-${this.#nodes.length}`;
    const node = new SimulatedNode(skewMs, this.timing, this.#table, startMs, this.#snapshot(), owner);
    this.#nodes.push(node);
  }

  /** One of the nodes dies, and another comes with its clock; or it hangs for longer than a lease lasts. */
  disturb(): void {
    const living = this.#nodes.filter((node) => node.isRunning());
    const node = living[Math.floor(this.timing.random() * living.length)];
    if (node === undefined || living.length < skews.length) return;
    if (this.timing.random() < 0.5) {
      this.#kills += 1;
      node.die();
      this.timing.after(1_000, () => this.startNode(node.skewMs));
      return;
    }
    this.#hangs += 1;
    node.hang();
    this.timing.after(5_000 + 40_000 * this.timing.random(), () => node.wake());
  }

  judge(): SimulationResult {
    const due = this.#due();
    const runs = new Map<string, number>();
    for (const [, item] of this.#table.partitions.get(`run-order#${clusterName}`) ?? []) {
      const { submittedBy } = JSON.parse(String(item.body)) as { submittedBy: string };
      runs.set(submittedBy, (runs.get(submittedBy) ?? 0) + 1);
    }
    return {
      due: due.size,
      lost: [...due].filter((key) => !runs.has(key)),
      doubled: [...runs].filter(([, count]) => count > 1).map(([key]) => key),
      unexpected: [...runs.keys()].filter((key) => !due.has(key)),
      kills: this.#kills,
      hangs: this.#hangs,
    };
  }

  /** Every second is asked for its reading of the clock. */
  #due(): ReadonlySet<string> {
    const { timeZone, from, hours, schedules } = this.#scenario;
    const number = 'numeric';
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      hour: number,
      minute: number,
      second: number,
    });
    const due = new Set<string>();
    // Schedules begin when the nodes first see them.
    const firstMs = Date.parse(from) + 60_000;
    for (let timeMs = firstMs; timeMs < Date.parse(from) + hours * 3_600_000; timeMs += 1_000) {
      const [hour = 0, minute = 0, second = 0] = format.format(timeMs).split(':').map(Number);
      const id = new Date(timeMs).toISOString().replace(/[-:.]/g, '');
      for (const { name, isDue } of schedules) if (isDue({ hour, minute, second })) due.add(`schedule/${name}/${id}`);
    }
    return due;
  }

  #snapshot(): ConfigurationSnapshot {
    const { timeZone, schedules } = this.#scenario;
    const objects = schedules.map(({ name, pattern }) => ({
      kind: 'schedule',
      name,
      revision: 1,
      value: {
        flowKind: 'dataflow',
        flow: 'copy',
        enabled: true,
        trigger: { kind: 'cron', pattern, timeZone },
        options: {},
        files: {},
        overlap: 'allow',
        catchUpMinutes: 60,
      },
    }));
    const find = (_: string, wanted: string) => objects.find(({ name }) => name === wanted);
    return { home: undefined, list: () => objects, find } as unknown as ConfigurationSnapshot;
  }
}

class SimulatedNode {
  #state: 'running' | 'hanging' | 'dead' = 'running';
  #held: (() => void)[] = [];

  constructor(
    readonly skewMs: number,
    private readonly time: VirtualTiming,
    table: Table,
    startMs: number,
    snapshot: ConfigurationSnapshot,
    owner: string,
  ) {
    const nowMs = () => startMs + time.monotonicMs() + skewMs;
    const timing: Timing = {
      nowMs,
      monotonicMs: time.monotonicMs,
      random: time.random,
      after: (delayMs, run) => time.after(delayMs, () => this.#whenRunning(run)),
    };
    const remote = this.#withFaults(table);
    const starter = createStarter(new RunStore({ table: remote, clusterName, nowMs }), nowMs, owner);
    new Scheduler({
      store: new ScheduleStore({ table: remote, clusterName, nowMs }),
      flows: { dataflow: starter, 'process-flow': starter },
      controlFiles: undefined,
      lease: createLease({ table: remote, clusterName, name: 'schedules', owner, durationMs: leaseMs, timing }),
      leaseMs,
      snapshot: () => snapshot,
      catchUp: () => this.#delay(),
      mayFire: () => true,
      region: '',
      owner,
      timing,
      log: silentLog,
    }).start();
  }

  isRunning(): boolean {
    return this.#state === 'running';
  }

  /** Nothing more comes of what it has begun. */
  die(): void {
    this.#state = 'dead';
  }

  hang(): void {
    this.#state = 'hanging';
  }

  wake(): void {
    if (this.#state !== 'hanging') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
  }

  #whenRunning(run: () => void): void {
    if (this.#state === 'running') run();
    else if (this.#state === 'hanging') this.#held.push(run);
  }

  /** A way to the table and back takes its time, now and then seconds; a dead node never hears of it. */
  #delay(): Promise<void> {
    const delayMs = this.time.random() < 0.01 ? 4_000 * this.time.random() : 15 * this.time.random();
    return new Promise((resolve) => this.time.after(delayMs, () => this.#whenRunning(resolve)));
  }

  #withFaults(table: Table): Table {
    const remote = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      await this.#delay();
      const chance = this.time.random();
      if (chance < 0.005) throw new TableError('unreachable', 'the request was lost');
      const result = await work();
      await this.#delay();
      if (chance < 0.01) throw new TableError('unreachable', 'the answer was lost');
      return result;
    };
    return {
      ...table,
      get: (...words) => remote(() => table.get(...words)),
      query: (...words) => remote(() => table.query(...words)),
      put: (...words) => remote(() => table.put(...words)),
      delete: (...words) => remote(() => table.delete(...words)),
      scan: (...words) => remote(() => table.scan(...words)),
      close: () => undefined,
    };
  }
}

/** Runs as the nodes order them: in the table, under their keys. */
function createStarter(store: RunStore, nowMs: () => number, owner: string): FlowStarter {
  let count = 0;
  return {
    async start({ flow, options }, _, key) {
      const submittedAt = new Date(nowMs()).toISOString();
      const order = { id: `${owner}-${++count}`, dataflow: flow, version: 1, document: {}, options, submittedBy: key };
      const surroundings = { submittedAt, databases: {}, defaultDatabases: {}, savedOptions: {} };
      return (await store.submit({ ...order, ...surroundings }, key)).order.id;
    },
    hasEnded: async () => true,
  };
}
