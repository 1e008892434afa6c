import { type NodeItem, runtimePartitions } from '../../contract/runtime-table.ts';
import type { Item, Reading, Table, Timing } from '../configuration/index.ts';

/** What a node says of itself. */
export interface NodeRegistration extends Omit<NodeItem, 'counter' | 'expiresAt'> {
  readonly name: string;
}

export interface RegistrationOptions {
  readonly table: Table;
  readonly clusterName: string;
  readonly timing: Timing;
  /** The node as it is now. */
  readonly describe: () => NodeRegistration;
  readonly onTrouble: (error: unknown) => void;
}

const heartbeatMs = 5_000;
/** A node counts as gone after missing several heartbeats. */
const aliveMs = 30_000;
const nodesAtATime = 500;

/** Keeps this node in the list of nodes until it is closed, which takes it out at once. */
export function registerNode(options: RegistrationOptions): { close(): Promise<void> } {
  const { table, timing } = options;
  const partition = `${runtimePartitions.nodes}#${options.clusterName}`;
  let counter = 0;
  let cancel: () => void = () => undefined;
  let sending: Promise<void> = Promise.resolve();
  let isClosed = false;

  const beat = async () => {
    const { name, ...described } = options.describe();
    const expiresAt = Math.ceil((timing.nowMs() + aliveMs) / 1_000);
    counter++;
    await table.put({ partition, sort: name }, { ...described, counter, expiresAt }, 'none').catch(options.onTrouble);
  };
  const turn = () => {
    sending = beat().finally(() => {
      if (!isClosed) cancel = timing.after(heartbeatMs, turn);
    });
  };
  turn();
  return {
    async close() {
      isClosed = true;
      cancel();
      await sending;
      const { name } = options.describe();
      await table.delete({ partition, sort: name }, 'none').catch(options.onTrouble);
    },
  };
}

/** The nodes that live, by name; what has expired is left out whether or not the table has collected it. */
export async function listNodes(
  table: Table,
  clusterName: string,
  nowMs: number,
  reading: Reading = 'strong',
): Promise<NodeRegistration[]> {
  const partition = `${runtimePartitions.nodes}#${clusterName}`;
  const found: Item[] = [];
  for (let from = ' ', more = true; more; ) {
    const page = await table.query(
      { partition, from, to: '\u{10ffff}', limit: nodesAtATime, order: 'ascending' },
      reading,
    );
    found.push(...page.items);
    const last = page.items.at(-1);
    more = page.hasMore && last !== undefined;
    // The bound is part of the range: a space makes it the next key that a name could have.
    if (last) from = `${last.key.sort} `;
  }
  return found.filter((item) => Number(item.attributes.expiresAt) * 1_000 > nowMs).map(decodeNode);
}

function decodeNode({ key, attributes }: Item): NodeRegistration {
  const text = (name: string) => String(attributes[name] ?? '');
  const number = (name: string) => (attributes[name] === undefined ? undefined : Number(attributes[name]));
  const [clockOffsetMs, clockBoundMs] = [number('clockOffsetMs'), number('clockBoundMs')];
  return {
    name: key.sort,
    address: text('address'),
    version: text('version'),
    group: text('group'),
    revision: text('revision'),
    format: number('format') ?? 1,
    load: number('load') ?? 0,
    ...(clockOffsetMs === undefined ? {} : { clockOffsetMs }),
    ...(clockBoundMs === undefined ? {} : { clockBoundMs }),
  };
}
