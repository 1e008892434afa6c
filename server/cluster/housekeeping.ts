import { runtimePartitions } from '../../contract/runtime-table.ts';
import type { Item, Table, Timing } from '../configuration/index.ts';
import type { Lease } from './leases.ts';

/** Work that one node does for all, now and then. Doing it twice, or stopping in the middle, does no harm. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

export interface HousekeepingOptions {
  readonly lease: Lease;
  readonly timing: Timing;
  readonly chores: readonly Chore[];
  /** A node with a wrong clock would judge ages wrongly: it gives the lease back and takes none. */
  isClockWrong(): boolean;
  readonly onTrouble: (error: unknown, chore: string) => void;
}

export const housekeepingLease = { name: 'housekeeping', durationMs: 60_000 } as const;
/** Well within two thirds of the lease. */
const roundMs = 15_000;

/** Does the chores on the one node that holds the lease, until it is closed. */
export function startHousekeeping(options: HousekeepingOptions): { close(): Promise<void> } {
  const { lease, timing, chores } = options;
  const doneAtMs = new Map<string, number>();
  let isClosed = false;
  let cancel: () => void = () => undefined;
  let running: Promise<void> = Promise.resolve();

  const round = async () => {
    if (options.isClockWrong()) return lease.release();
    await lease.attempt();
    for (const chore of chores) {
      const sinceMs = timing.monotonicMs() - (doneAtMs.get(chore.name) ?? Number.NEGATIVE_INFINITY);
      if (sinceMs < chore.everyMs || lease.token() === undefined || isClosed) continue;
      doneAtMs.set(chore.name, timing.monotonicMs());
      await chore.run().catch((error: unknown) => options.onTrouble(error, chore.name));
    }
  };
  const schedule = () => {
    if (isClosed) return;
    cancel = timing.after(roundMs * (0.85 + 0.3 * timing.random()), () => {
      running = round()
        .catch((error: unknown) => options.onTrouble(error, 'lease'))
        .finally(schedule);
    });
  };
  schedule();
  return {
    async close() {
      isClosed = true;
      cancel();
      await running.catch(() => undefined);
      await lease.release();
    },
  };
}

/** Partitions whose items end by themselves; a table that collects expired items leaves nothing to do here. */
const collected = ['nodes', 'clocks', 'logins', 'sessions', 'runKeys', 'fires', 'mails'] as const;
/** Those that lie in the order of their ends: what comes first goes first. */
const collectedInOrder = ['access', 'runHistory', 'runOrders', 'flowHistory'] as const;
const itemsAtATime = 200;
/** Longer than any two clocks may differ. */
const marginMs = 10 * 60_000;

/** Removes what has expired from the runtime table, where the table itself does not. */
export async function removeExpired(table: Table, clusterName: string, nowMs: number): Promise<number> {
  let removed = 0;
  for (const kind of [...collected, ...collectedInOrder]) {
    const isInOrder = collectedInOrder.some((ordered) => ordered === kind);
    for await (const { key, attributes } of readPartition(table, `${runtimePartitions[kind]}#${clusterName}`)) {
      const expiresAt = Number(attributes.expiresAt);
      const isOver = expiresAt * 1_000 + marginMs < nowMs;
      if (isInOrder && !isOver) break;
      // Only the item that was read: one renewed meanwhile has another time.
      if (isOver && (await table.delete(key, { name: 'expiresAt', equals: expiresAt })) === 'written') removed++;
    }
  }
  return removed;
}

async function* readPartition(table: Table, partition: string): AsyncGenerator<Item> {
  for (let from = ' ', more = true; more; ) {
    const range = { partition, from, to: '\u{10ffff}', limit: itemsAtATime, order: 'ascending' } as const;
    const page = await table.query(range, 'eventual');
    for (const item of page.items) {
      from = `${item.key.sort} `;
      yield item;
    }
    more = page.hasMore;
  }
}
