import type { Attributes, Key, Table } from '../../server/configuration/table.ts';
import type { Timing } from '../../server/configuration/timing.ts';
import { MemoryTable } from './table-memory.ts';

/**
 * Two regions of a table with asynchronous replication: each item arrives in the other region after a delay of its own,
 * so that items overtake each other; the later write of one item wins, as in DynamoDB.
 */
export function createRegions(timing: Timing, longestDelayMs: number) {
  return replicate(timing, longestDelayMs, { a: new MemoryTable(), b: new MemoryTable() });
}

/** As `createRegions`, between two tables of any kind. */
export function replicate<Store extends Table>(
  timing: Timing,
  longestDelayMs: number,
  stores: { readonly a: Store; readonly b: Store },
) {
  const times = { a: new Map<string, number>(), b: new Map<string, number>() };
  let isRunning = true;
  const waiting: (() => void)[] = [];

  function arrive(to: 'a' | 'b', key: Key, attributes: Attributes, atMs: number): void {
    const name = `${key.partition}|${key.sort}`;
    if ((times[to].get(name) ?? -1) > atMs) return;
    times[to].set(name, atMs);
    void stores[to].put(key, attributes, 'none');
  }

  function send(to: 'a' | 'b', key: Key, attributes: Attributes): void {
    const atMs = timing.monotonicMs();
    const deliver = () => {
      if (isRunning) arrive(to, key, attributes, atMs);
      else waiting.push(deliver);
    };
    timing.after(timing.random() * longestDelayMs, deliver);
  }

  function region(name: 'a' | 'b'): Table {
    const other = name === 'a' ? 'b' : 'a';
    const store = stores[name];
    return {
      get: (key, reading) => store.get(key, reading),
      query: (range, reading) => store.query(range, reading),
      async put(key, attributes, condition) {
        const result = await store.put(key, attributes, condition);
        if (result === 'written') {
          times[name].set(`${key.partition}|${key.sort}`, timing.monotonicMs());
          send(other, key, attributes);
        }
        return result;
      },
      delete: (key, condition) => store.delete(key, condition),
      scan: (scan) => store.scan(scan),
      close: () => undefined,
    };
  }

  return {
    a: region('a'),
    b: region('b'),
    stores,
    /** Nothing arrives until `resume`. */
    stop: () => {
      isRunning = false;
    },
    resume: () => {
      isRunning = true;
      for (const deliver of waiting.splice(0)) deliver();
    },
  };
}
