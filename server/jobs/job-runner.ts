import type { Lease } from '../cluster/index.ts';
import { pause, TableError, type Timing } from '../configuration/index.ts';
import type { Log } from '../foundation/log.ts';
import type { StartWork } from './job-worker.ts';
import { OwnedRun, type OwnedRunProps } from './owned-run.ts';
import type { RunStore } from './run-store.ts';

export interface JobRunnerProps {
  readonly store: RunStore;
  /** The lease of this name for this process. */
  createLease(name: string): Lease;
  /** Whether this node may take leases now. */
  mayOwn(): boolean;
  readonly owner: string;
  readonly startWork: StartWork;
  readonly settings: OwnedRunProps['settings'];
  /** Runs at a time on this process. */
  readonly maximumRuns: number;
  readonly leaseMs: number;
  readonly timing: Timing;
  readonly log: Log;
}

/** Looks for runs that nobody works on, while there is room for one more. */
export class JobRunner {
  readonly #props: JobRunnerProps;
  readonly #leases = new Map<string, Lease>();
  readonly #owned = new Map<string, { readonly run: OwnedRun; readonly over: Promise<void> }>();
  #isLeaving = false;
  #loop: Promise<void> | undefined;
  #claiming: Promise<void> = Promise.resolve();

  constructor(props: JobRunnerProps) {
    this.#props = props;
  }

  start(): void {
    this.#loop ??= this.#look();
  }

  /** Gives every run to the other nodes and takes no more. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    // A run that is being taken right now is taken, and then handed over like the others.
    await this.#claiming;
    const owned = [...this.#owned.values()];
    await Promise.all(owned.map(({ run }) => run.handOver()));
    await Promise.all(owned.map(({ over }) => over));
    await this.#loop;
  }

  async #look(): Promise<void> {
    const { timing, leaseMs } = this.#props;
    while (!this.#isLeaving) {
      this.#claiming = this.#claim().catch((error: unknown) => this.#tell(error));
      await this.#claiming;
      await pause(timing, (leaseMs / 6) * (0.75 + 0.5 * timing.random()));
    }
  }

  #tell(error: unknown): void {
    if (error instanceof TableError) return;
    this.#props.log.error({ err: error }, 'Runs could not be looked for; the node tries again');
  }

  async #claim(): Promise<void> {
    const { store, mayOwn, maximumRuns } = this.#props;
    const active = await store.listActive();
    for (const name of this.#leases.keys())
      if (!active.includes(name) && !this.#owned.has(name)) this.#leases.delete(name);
    for (const id of active) {
      if (this.#isLeaving || this.#owned.size >= maximumRuns || !mayOwn()) return;
      if (!this.#owned.has(id)) await this.#tryToOwn(id);
    }
  }

  async #tryToOwn(id: string): Promise<void> {
    const { store, createLease } = this.#props;
    const lease = this.#leases.get(id) ?? createLease(`run#${id}`);
    this.#leases.set(id, lease);
    const epoch = await lease.attempt();
    if (epoch === undefined) return;
    const record = await store.find(id);
    if (record === undefined) return await lease.release();
    const { leaseMs } = this.#props;
    const run = new OwnedRun(record, { ...this.#props, lease, epoch, renewMs: leaseMs / 6 });
    const over = run.execute().finally(() => {
      this.#owned.delete(id);
      this.#leases.delete(id);
    });
    this.#owned.set(id, { run, over });
  }
}
