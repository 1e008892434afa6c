import type { RunRecord } from '../../../server/jobs/run-record.ts';
import { RunStore } from '../../../server/jobs/run-store.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const at = '2026-11-22T02:30:00.000Z';
const order = (id: string, version = 1) => ({
  id,
  dataflow: 'clean',
  version,
  document: {},
  options: {},
  submittedBy: 'steward',
  submittedAt: at,
  databases: {},
  defaultDatabases: {},
  savedOptions: {},
});

let table: MemoryTable;
let store: RunStore;
beforeEach(() => {
  table = new MemoryTable();
  store = new RunStore({ table, clusterName: 'test', nowMs: () => Date.parse(at) });
});

async function end(record: RunRecord): Promise<void> {
  const ended = await store.advance(record, { ...record.progress, state: 'succeeded', endedAt: at });
  if (ended === undefined) throw new Error('nobody else writes');
  await store.archive(ended);
}

test('a request that hangs until its run has ended, sent again meanwhile, brings no second run', async () => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const slow = new MemoryTable();
  const hanging = new RunStore({ table: slow, clusterName: 'test', nowMs: () => Date.parse(at) });
  // It has read that there is no run yet, and writes only after the run of the others has ended.
  slow.get = (key) => table.get(key);
  slow.put = async (key, attributes, condition) => {
    if (key.partition.startsWith('run#')) await arrived;
    return table.put(key, attributes, condition);
  };
  const late = hanging.submit(order('a'), 'k');
  await new Promise((resolve) => setImmediate(resolve));
  const record = await store.submit(order('b'), 'k');
  expect(record.order.id).toBe('a');
  await end(record);
  arrive();
  await late;
  // It stands among those that go on until a node looks at it, and is over for everybody who asks.
  expect(await store.listActive()).toEqual(['a']);
  const found = await store.find('a');
  expect(found?.progress.state).toBe('succeeded');
  if (found) await store.archive(found);
  expect(await store.listActive()).toEqual([]);
  expect((await store.list(10)).map((run) => run.order.id)).toEqual(['a']);
});

test('of two requests of one key at the same moment the order that stands first is the one', async () => {
  await table.put({ partition: 'run-key#test', sort: 'k' }, { run: 'a', expiresAt: 9e9 }, 'none');
  const [first, second] = await Promise.all([store.submit(order('b', 1), 'k'), store.submit(order('c', 2), 'k')]);
  expect([first.order.id, second.order.id]).toEqual(['a', 'a']);
  expect(first.order.version).toBe(second.order.version);
  expect((await store.find('a'))?.order.version).toBe(first.order.version);
});
