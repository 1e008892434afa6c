import { type Table, TableError } from '../../server/configuration/table.ts';

/** What happens to one call. `reply-lost` is carried out and not answered; `late` is carried out after later calls. */
export type Fault = 'none' | 'request-lost' | 'reply-lost' | 'late' | 'throttled';

/** A table whose calls fail as `next` says; `late` puts wait until `deliverLate`. */
export function withFaults(table: Table, next: (operation: 'read' | 'write') => Fault) {
  const late: (() => Promise<unknown>)[] = [];
  async function run<Result>(operation: 'read' | 'write', call: () => Promise<Result>): Promise<Result> {
    const fault = next(operation);
    if (fault === 'throttled') throw new TableError('throttled', 'injected: throttled');
    if (fault === 'request-lost') throw new TableError('unreachable', 'injected: request lost');
    if (fault === 'late') {
      if (operation === 'write') late.push(call);
      throw new TableError('unreachable', 'injected: no answer yet');
    }
    const result = await call();
    if (fault === 'reply-lost') throw new TableError('unreachable', 'injected: reply lost');
    return result;
  }
  const faulty: Table = {
    get: (key, reading) => run('read', () => table.get(key, reading)),
    query: (range, reading) => run('read', () => table.query(range, reading)),
    put: (key, attributes, condition) => run('write', () => table.put(key, attributes, condition)),
    delete: (key, condition) => run('write', () => table.delete(key, condition)),
    scan: (scan) => run('read', () => table.scan(scan)),
    close: () => table.close(),
  };
  const deliverLate = async () => {
    for (const call of late.splice(0)) await call();
  };
  return { table: faulty, deliverLate };
}
