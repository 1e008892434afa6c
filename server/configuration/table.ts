/** The few operations that configuration and runtime data need of a table: no transactions, streams, TTL or indexes. */
export interface Table {
  get(key: Key, reading: Reading): Promise<Item | undefined>;
  /** One page in ascending (or descending) order of `sort`, both bounds included. */
  query(range: Range, reading: Reading): Promise<Page>;
  /** `refused` when the condition did not hold; an exception leaves open whether it was written. */
  put(key: Key, attributes: Attributes, condition: Condition): Promise<'written' | 'refused'>;
  delete(key: Key, condition: Condition): Promise<'written' | 'refused'>;
  /** One page of the items whose partition begins so, in no order. Reads the whole table: for housekeeping only. */
  scan(scan: Scan): Promise<ScanPage>;
  close(): void;
}

export interface Key {
  readonly partition: string;
  readonly sort: string;
}

export type AttributeValue = string | number | boolean | Uint8Array | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

export interface Item {
  readonly key: Key;
  readonly attributes: Attributes;
}

/** `strong` sees every write acknowledged before it was sent; `eventual` may lag and costs half. */
export type Reading = 'strong' | 'eventual';

export interface Range {
  readonly partition: string;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly order: 'ascending' | 'descending';
}

export interface Scan {
  readonly partitionPrefix: string;
  /** The one attribute that the items come with. */
  readonly attribute: string;
  /** `next` of the page before. */
  readonly after: Key | undefined;
}

interface ScanPage {
  readonly items: readonly Item[];
  /** Undefined at the end. */
  readonly next: Key | undefined;
}

interface Page {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
  /** Read request units as the table counted them; 0 when it does not say. */
  readonly readUnits: number;
}

/** `{ name, equals }` holds when the item exists and its attribute has exactly that value. */
export type Condition = 'none' | 'absent' | { readonly name: string; readonly equals: string | number };

/**
 * Why a table call failed: `throttled` and `unreachable` pass with time, `refused` does not (missing table,
 * credentials, permissions).
 */
export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    readonly reason: 'throttled' | 'unreachable' | 'refused',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Text attribute that must be there. */
export function textOf(item: Item, name: string): string {
  const value = item.attributes[name];
  if (typeof value !== 'string') throw new TableError('refused', damaged(item, name, 'text'));
  return value;
}

export function optionalTextOf(item: Item, name: string): string | undefined {
  return item.attributes[name] === undefined ? undefined : textOf(item, name);
}

/** Number attribute that must be there. */
export function numberOf(item: Item, name: string): number {
  const value = item.attributes[name];
  if (typeof value !== 'number') throw new TableError('refused', damaged(item, name, 'a number'));
  return value;
}

function damaged(item: Item, name: string, wanted: string): string {
  return `Item ${item.key.partition} / ${item.key.sort}: attribute ${name} is not ${wanted}`;
}
