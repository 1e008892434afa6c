import { type FlowRun, FlowRunStore } from '../../../server/process-flows/flow-run-store.ts';
import { MemoryTable } from '../../support/table-memory.ts';

test('every run that goes on is found, oldest first, however many there are', async () => {
  const ended = async () => undefined;
  const store = new FlowRunStore({ table: new MemoryTable(), clusterName: 'test', nowMs: Date.now, ended });
  const ids = Array.from({ length: 450 }, (_, index) => `flow-${String(index).padStart(4, '0')}`);
  const run: Omit<FlowRun, 'id'> = {
    processFlow: 'night',
    version: 1,
    state: 'queued',
    submittedBy: 'steward',
    submittedAt: '2026-11-22T00:00:00.000Z',
    epoch: 0,
    variables: {},
    document: { activities: [], transitions: [], variables: {} },
    files: {},
    progress: {},
  };
  for (const id of ids) await store.submit({ ...run, id });
  expect(await store.listActive()).toEqual(ids);
  expect((await store.list(3)).map((record) => record.run.id)).toEqual(ids.slice(-3).reverse());
});
