import type { ObjectValue } from '../../contract/kinds.ts';
import type { Lease } from '../cluster/index.ts';
import { type ConfigurationSnapshot, TableError, type Timing } from '../configuration/index.ts';
import type { Log } from '../foundation/log.ts';
import type { ControlFiles } from './control-files.ts';
import { Firing, StateLost } from './firing.ts';
import type { FlowStarters } from './flow-starter.ts';
import type { ScheduleRecord, ScheduleStore } from './schedule-store.ts';

export interface SchedulerProps {
  readonly store: ScheduleStore;
  readonly flows: FlowStarters;
  readonly controlFiles: ControlFiles | undefined;
  /** Of the one process that decides for all; where two think they hold it, the states tell them apart. */
  readonly lease: Lease;
  readonly leaseMs: number;
  snapshot(): ConfigurationSnapshot;
  /** Resolves when the copy has every change that was acknowledged before. */
  catchUp(): Promise<void>;
  /** Whether this node may fire now: not when its clock is proven wrong. */
  mayFire(): boolean;
  /** Of this node; empty where there are no regions. */
  readonly region: string;
  readonly owner: string;
  readonly timing: Timing;
  readonly log: Log;
}

type Schedule = ObjectValue<'schedule'>;

/** Between two looks, when nothing is due before. */
const longestRestMs = 2_000;
const shortestRestMs = 20;

/** Fires the schedules of the cluster while this process holds their lease. */
export class Scheduler {
  readonly #props: SchedulerProps;
  readonly #firing: Firing;
  #records: Map<string, ScheduleRecord> | undefined;
  #epoch: number | undefined;
  #nextAttemptMs = Number.NEGATIVE_INFINITY;
  #isLeaving = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> | undefined;

  constructor(props: SchedulerProps) {
    const { store, flows, controlFiles, timing, owner } = props;
    this.#props = props;
    const confirm = (name: string) => this.#confirm(name);
    this.#firing = new Firing({ store, flows, controlFiles, owner, confirm, nowMs: () => timing.nowMs() });
  }

  start(): void {
    this.#loop ??= this.#look();
  }

  /** Leaves the schedules to the other nodes. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    this.#wake();
    await this.#loop;
  }

  async #look(): Promise<void> {
    while (!this.#isLeaving) {
      await this.#turn().catch((error: unknown) => this.#tell(error));
      if (!this.#isLeaving) await this.#rest(this.#restMs());
    }
    await this.#props.lease.release();
  }

  async #turn(): Promise<void> {
    const { lease, mayFire, store, snapshot } = this.#props;
    const isIdle = snapshot().list('schedule').length === 0 && !this.#hasArmed();
    if (isIdle || !mayFire()) {
      this.#records = undefined;
      return lease.token() === undefined ? undefined : await lease.release();
    }
    await this.#attempt();
    if (lease.token() === undefined) {
      this.#records = undefined;
      return;
    }
    this.#records ??= new Map((await store.list()).map((record) => [record.name, record]));
    const due = this.#schedules();
    for (const [name, value] of due) await this.#keep(name, (record) => this.#firing.advance(record, value));
    for (const { name, state } of [...(this.#records?.values() ?? [])]) {
      if (state.trigger !== '' && !due.has(name)) await this.#keep(name, (record) => this.#firing.disarm(record));
    }
  }

  /** One schedule that cannot go on is in the way of no other. */
  async #keep(name: string, work: (record: ScheduleRecord) => Promise<ScheduleRecord>): Promise<void> {
    const { lease, log } = this.#props;
    if (lease.token() === undefined || this.#isLeaving || this.#records === undefined) return;
    const unknown = { name, state: { trigger: '', upToMs: 0, waiting: [], active: [] }, revision: 0 };
    try {
      this.#records.set(name, await work(this.#records.get(name) ?? unknown));
    } catch (error) {
      // What was written before the trouble is not known here: it is read again.
      this.#records = undefined;
      if (error instanceof StateLost || error instanceof TableError) return;
      log.error({ err: error, schedule: name }, 'A schedule could not be looked at; the node tries again');
    }
  }

  async #attempt(): Promise<void> {
    const { lease, leaseMs, timing } = this.#props;
    if (timing.monotonicMs() < this.#nextAttemptMs) return;
    this.#nextAttemptMs = timing.monotonicMs() + leaseMs / 4;
    const epoch = await lease.attempt();
    if (epoch !== this.#epoch) this.#records = undefined;
    this.#epoch = epoch;
  }

  #hasArmed(): boolean {
    return [...(this.#records?.values() ?? [])].some(({ state }) => state.trigger !== '');
  }

  /** The schedules that fire, of this region. */
  #schedules(): ReadonlyMap<string, Schedule> {
    const snapshot = this.#props.snapshot();
    const all = snapshot.list<Schedule>('schedule').filter(({ value }) => this.#fires(value, snapshot));
    return new Map(all.map(({ name, value }) => [name, value]));
  }

  #fires({ enabled, region, trigger }: Partial<Schedule>, { home }: ConfigurationSnapshot): boolean {
    return enabled === true && trigger !== undefined && (region ?? home ?? this.#props.region) === this.#props.region;
  }

  async #confirm(name: string): Promise<Schedule | undefined> {
    await this.#props.catchUp();
    const snapshot = this.#props.snapshot();
    const value = snapshot.find<Schedule>('schedule', name)?.value;
    return value !== undefined && this.#fires(value, snapshot) ? value : undefined;
  }

  #restMs(): number {
    if (this.#records === undefined) return longestRestMs;
    const nowMs = this.#props.timing.nowMs();
    const waits = [...this.#schedules()].map(([name, value]) => {
      const record = this.#records?.get(name);
      return (record && this.#firing.nextMs(record, value)) ?? Number.POSITIVE_INFINITY;
    });
    return Math.min(longestRestMs, Math.max(shortestRestMs, Math.min(...waits) - nowMs));
  }

  #rest(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#props.timing.after(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  #tell(error: unknown): void {
    if (error instanceof TableError) return;
    this.#props.log.error({ err: error }, 'Schedules could not be looked at; the node tries again');
  }
}
