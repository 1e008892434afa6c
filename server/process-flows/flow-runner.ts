import type { Lease } from '../cluster/index.ts';
import { TableError } from '../configuration/index.ts';
import { OwnedFlow, type OwnedFlowProps } from './owned-flow.ts';

export interface FlowRunnerProps extends Omit<OwnedFlowProps, 'lease' | 'epoch'> {
  /** The lease of this name for this process. */
  createLease(name: string): Lease;
  /** Whether this node may take leases now. */
  mayOwn(): boolean;
}

/** A flow mostly waits for its jobs. */
const mostFlows = 100;

/** Looks for runs of process flows that nobody works on. */
export class FlowRunner {
  readonly #props: FlowRunnerProps;
  readonly #leases = new Map<string, Lease>();
  readonly #owned = new Map<string, { readonly flow: OwnedFlow; readonly over: Promise<void> }>();
  #isLeaving = false;
  #wake: () => void = () => undefined;
  #loop: Promise<void> | undefined;

  constructor(props: FlowRunnerProps) {
    this.#props = props;
  }

  start(): void {
    this.#loop ??= this.#look();
  }

  /** Gives every flow to the other nodes and takes no more. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    this.#wake();
    await this.#loop;
    for (const { flow } of this.#owned.values()) flow.leave();
    await Promise.all([...this.#owned.values()].map(({ over }) => over));
  }

  async #look(): Promise<void> {
    const { timing, leaseMs } = this.#props;
    while (!this.#isLeaving) {
      await this.#claim().catch((error: unknown) => this.#tell(error));
      if (!this.#isLeaving) await this.#rest((leaseMs / 6) * (0.75 + 0.5 * timing.random()));
    }
  }

  async #claim(): Promise<void> {
    const active = await this.#props.store.listActive();
    for (const id of this.#leases.keys()) {
      if (!active.includes(id) && !this.#owned.has(id)) this.#leases.delete(id);
    }
    for (const id of active) {
      if (this.#isLeaving || this.#owned.size >= mostFlows || !this.#props.mayOwn()) return;
      if (!this.#owned.has(id)) await this.#tryToOwn(id);
    }
  }

  async #tryToOwn(id: string): Promise<void> {
    const { store, createLease } = this.#props;
    const lease = this.#leases.get(id) ?? createLease(`flow-run#${id}`);
    this.#leases.set(id, lease);
    const epoch = await lease.attempt();
    if (epoch === undefined) return;
    const record = await store.find(id);
    if (record === undefined) return await lease.release();
    const flow = new OwnedFlow(record, { ...this.#props, lease, epoch });
    const over = flow.execute().finally(() => {
      this.#owned.delete(id);
      this.#leases.delete(id);
    });
    this.#owned.set(id, { flow, over });
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
    this.#props.log.error({ err: error }, 'Process flows could not be looked for; the node tries again');
  }
}
