import { revisionOf } from './keys.ts';
import { type AttributeValue, type Item, optionalTextOf, TableError, textOf } from './table.ts';

/** `seal` names the region whose writers go on; those of every other region refuse from here. */
type ChangeOperation = 'put' | 'delete' | 'seal';

/** One committed change. The value stays the text that its writer stored, understood or not. */
export interface ChangeRecord {
  readonly revision: number;
  /** Random, or the client's idempotency key: tells the writer's own change from another's at the same revision. */
  readonly id: string;
  readonly operation: ChangeOperation;
  readonly kind: string;
  readonly name: string;
  /** Canonical JSON; absent for a delete. */
  readonly value?: string | undefined;
  readonly by: string;
  /** ISO 8601, by the clock of the writing node. */
  readonly at: string;
  readonly reason?: string | undefined;
}

/** What stands at a revision of the log: a change, a change whose value lies in chunks, or a compacted one. */
export type LogEntry =
  | { readonly kind: 'change'; readonly change: ChangeRecord }
  | {
      readonly kind: 'chunked';
      readonly change: ChangeRecord;
      readonly digest: string;
      readonly chunks: readonly string[];
    }
  | { readonly kind: 'stub'; readonly revision: number };

/** Where a value lies that is too large for its change: chunk names in order, and the digest of the whole. */
export interface ChunkedValue {
  readonly digest: string;
  readonly chunks: readonly string[];
}

/** Attributes of a change item; with `chunked` the value itself stays out. */
export function encodeChange(change: ChangeRecord, chunked?: ChunkedValue): Record<string, AttributeValue> {
  const { revision: _, value, reason, ...rest } = change;
  return {
    ...rest,
    ...(reason !== undefined && { reason }),
    ...(chunked ? { digest: chunked.digest, chunks: chunked.chunks } : value !== undefined && { value }),
  };
}

/** Attributes of a compacted change: nothing but the id, so that a delayed writer still collides and knows its own. */
export function encodeStub(id: string): Record<string, AttributeValue> {
  return { stub: true, id };
}

export function decodeEntry(item: Item): LogEntry {
  const revision = revisionOf(item.key.sort);
  if (item.attributes.stub === true) return { kind: 'stub', revision };
  const change: ChangeRecord = {
    revision,
    id: textOf(item, 'id'),
    operation: operationOf(item),
    kind: textOf(item, 'kind'),
    name: textOf(item, 'name'),
    value: optionalTextOf(item, 'value'),
    by: textOf(item, 'by'),
    at: textOf(item, 'at'),
    reason: optionalTextOf(item, 'reason'),
  };
  const { chunks } = item.attributes;
  if (!Array.isArray(chunks)) return { kind: 'change', change };
  return { kind: 'chunked', change, digest: textOf(item, 'digest'), chunks };
}

function operationOf(item: Item): ChangeOperation {
  const operation = textOf(item, 'operation');
  if (operation === 'put' || operation === 'delete' || operation === 'seal') return operation;
  throw new TableError('refused', `Change ${item.key.sort} has the unknown operation ${operation}; upgrade this node`);
}
