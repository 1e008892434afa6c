import { type NodeItem, runtimePartitions } from '../../contract/runtime-table.ts';
import type { Item, Table, Timing } from '../configuration/index.ts';

/** What a node says of itself; `format` is the newest configuration format it understands. */
export interface NodeRegistration extends Omit<NodeItem, 'counter' | 'expiresAt'> {
  readonly name: string;
  readonly format: number;
  /** Share of its processors that the node uses, 0 to 1 each. */
  readonly load: number;
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
export async function listNodes(table: Table, clusterName: string, nowMs: number): Promise<NodeRegistration[]> {
  const { items } = await table.query(
    {
      partition: `${runtimePartitions.nodes}#${clusterName}`,
      from: ' ',
      to: '\u{10ffff}',
      limit: nodesAtATime,
      order: 'ascending',
    },
    'strong',
  );
  return items.filter((item) => Number(item.attributes.expiresAt) * 1_000 > nowMs).map(decodeNode);
}

/** The newest format that every registered node understands; `own` when nobody else is there. */
export async function lowestFormat(table: Table, clusterName: string, nowMs: number, own: number): Promise<number> {
  const nodes = await listNodes(table, clusterName, nowMs);
  return Math.min(own, ...nodes.map((node) => node.format));
}

function decodeNode({ key, attributes }: Item): NodeRegistration {
  const text = (name: string) => String(attributes[name] ?? '');
  return {
    name: key.sort,
    address: text('address'),
    version: text('version'),
    group: text('group'),
    revision: text('revision'),
    format: Number(attributes.format ?? 1),
    load: Number(attributes.load ?? 0),
  };
}
