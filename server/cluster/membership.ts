import { type ClockItem, runtimePartitions } from '../../contract/runtime-table.ts';
import { type Item, numberOf, type Table, type Timing, textOf } from '../configuration/index.ts';
import { listNodes, type NodeRegistration, registerNode } from './registrations.ts';

export interface MembershipOptions {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  /** The name under which the clock check knows this node. */
  readonly nodeName: string;
  readonly timing: Timing;
  readonly onTrouble: (error: unknown) => void;
}

/** Who else is in the cluster, as this node last read it. A runtime table that is away costs news, not service. */
export interface Membership {
  /** Registers this node from now on, and keeps reading who else is there. */
  join(describe: () => Omit<NodeRegistration, 'clockOffsetMs' | 'clockBoundMs'>): void;
  /** The nodes as last read; empty before the first answer of the table. */
  nodes(): readonly NodeRegistration[];
  /** The nodes as the table has them now; throws `TableError` when it does not answer. */
  list(): Promise<readonly NodeRegistration[]>;
  /** Processes that follow the change log; at least one. */
  followers(): number;
  /** The newest configuration format that every registered node understands. */
  lowestFormat(own: number): Promise<number>;
  /** Whether the cluster's clock check has proven this node's clock wrong; it takes no leases then. */
  isClockWrong(): boolean;
  /** Takes this node out of the list. */
  leave(): Promise<void>;
}

/** Lists are read again after this, or later in a large cluster: all nodes together stay near 500 read units a second. */
const shortestRefreshMs = 5_000;
const refreshMsPerNode = 100;

/** Nothing is read or written before `join`. */
export function createMembership(options: MembershipOptions): Membership {
  const { table, clusterName, timing } = options;
  let known: readonly NodeRegistration[] = [];
  let clock: ClockItem | undefined;
  let registration: { close(): Promise<void> } | undefined;
  let cancel: () => void = () => undefined;
  let hasLeft = false;

  const refresh = async () => {
    try {
      known = await listNodes(table, clusterName, timing.nowMs(), 'eventual');
      const key = { partition: `${runtimePartitions.clocks}#${clusterName}`, sort: options.nodeName };
      clock = decodeClock(await table.get(key, 'eventual'), timing.nowMs());
    } catch (error) {
      options.onTrouble(error);
    }
    const restMs = Math.max(shortestRefreshMs, known.length * refreshMsPerNode);
    if (!hasLeft) cancel = timing.after(restMs * (0.85 + 0.3 * timing.random()), () => void refresh());
  };

  return {
    join(describe) {
      const describeWithClock = () => ({
        ...describe(),
        ...(clock && { clockOffsetMs: clock.offsetMs, clockBoundMs: clock.boundMs }),
      });
      registration = registerNode({ ...options, describe: describeWithClock });
      void refresh();
    },
    nodes: () => known,
    list: () => listNodes(table, clusterName, timing.nowMs()),
    followers: () => Math.max(1, known.length),
    async lowestFormat(own) {
      const nodes = await listNodes(table, clusterName, timing.nowMs());
      return Math.min(own, ...nodes.map(({ format }) => format));
    },
    isClockWrong: () => clock?.verdict === 'beyond',
    async leave() {
      hasLeft = true;
      cancel();
      await registration?.close();
    },
  };
}

/** Undefined when there is no result, or only one that is too old to count. */
function decodeClock(item: Item | undefined, nowMs: number): ClockItem | undefined {
  if (!item || numberOf(item, 'expiresAt') * 1_000 <= nowMs) return undefined;
  const verdict = textOf(item, 'verdict');
  return {
    verdict: verdict === 'within' || verdict === 'beyond' ? verdict : 'undecided',
    offsetMs: numberOf(item, 'offsetMs'),
    boundMs: numberOf(item, 'boundMs'),
    checkedAtMs: numberOf(item, 'checkedAtMs'),
    expiresAt: numberOf(item, 'expiresAt'),
  };
}
