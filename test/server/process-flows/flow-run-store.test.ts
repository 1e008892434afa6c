import type { Table } from '../../../server/configuration/index.ts';
import { type FlowRun, FlowRunStore } from '../../../server/process-flows/flow-run-store.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const ended = async () => undefined;
const storeOn = (table: Table) => new FlowRunStore({ table, clusterName: 'test', nowMs: Date.now, ended });
const run: FlowRun = {
  id: 'flow-1',
  processFlow: 'night',
  version: 1,
  state: 'queued',
  submittedBy: 'steward',
  submittedAt: '2026-11-22T00:00:00.000Z',
  epoch: 0,
  variables: { day: 'x'.repeat(1_000) },
  document: { activities: [], transitions: [], variables: { day: 'y'.repeat(100_000) } },
  files: { 'load|Read': 'z'.repeat(1_000) },
  progress: {},
};

test('every run that goes on is found, oldest first, however many there are', async () => {
  const store = storeOn(new MemoryTable());
  const ids = Array.from({ length: 1_050 }, (_, index) => `flow-${String(index).padStart(4, '0')}`);
  const document = { activities: [], transitions: [], variables: {} };
  for (const id of ids) await store.submit({ ...run, id, document });
  expect(await store.listActive()).toEqual(ids);
  expect((await store.list(3)).map((record) => record.run.id)).toEqual(ids.slice(-3).reverse());
});

test('looking for runs reads little of each, whatever it works with', async () => {
  class CountingTable extends MemoryTable {
    characters = 0;

    override async query(range: Parameters<Table['query']>[0]): ReturnType<Table['query']> {
      const page = await super.query(range);
      this.characters += JSON.stringify(page.items).length;
      return page;
    }
  }
  const table = new CountingTable();
  const store = storeOn(table);
  for (const id of ['flow-1', 'flow-2']) await store.submit({ ...run, id });
  expect(await store.listActive()).toEqual(['flow-1', 'flow-2']);
  expect(table.characters).toBeLessThan(2 * 1_000);
});

test('a run is whole wherever it is: when it goes on, when it has ended, and when it is listed', async () => {
  const store = storeOn(new MemoryTable());
  const begun = await store.submit(run);
  expect(await store.find('flow-1')).toEqual({ run, revision: 1 });
  const done = { ...run, state: 'succeeded', endedAt: '2026-11-22T01:00:00.000Z' } as const;
  const written = await store.advance(begun, done);
  if (written === undefined) throw new Error('nobody else wrote');
  expect(await store.find('flow-1')).toEqual({ run: done, revision: 2 });
  await store.archive(written);
  expect(await store.find('flow-1')).toEqual({ run: done, revision: 2 });
  expect(await store.list(10)).toEqual([{ run: done, revision: 2 }]);
  expect(await store.listActive()).toEqual([]);
});

test.each([1, 2, 3])('a submission that dies before write %i is whole when it is sent again', async (fatal) => {
  class DyingTable extends MemoryTable {
    puts = 0;

    override async put(...words: Parameters<MemoryTable['put']>): ReturnType<MemoryTable['put']> {
      this.puts += 1;
      if (this.puts === fatal) throw new Error('gone');
      return super.put(...words);
    }
  }
  const store = storeOn(new DyingTable());
  await expect(store.submit(run, 'k')).rejects.toThrow('gone');
  const again = await store.submit({ ...run, id: 'flow-2' }, 'k');
  expect(again.run.id).toBe(fatal === 1 ? 'flow-2' : 'flow-1');
  expect(await store.listActive()).toEqual([again.run.id]);
  expect(await store.find(again.run.id)).toEqual(again);
});
