import { idOfRequest } from '../../../server/cluster/index.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const open = () => {
  const props = { table: new MemoryTable(), clusterName: 'test', nowMs: () => 0 };
  return (...words: [kind: 'job' | 'flow', key: Parameters<typeof idOfRequest>[2], id: string]) =>
    idOfRequest(props, ...words);
};
const sent = (digest: string) => ({ name: 'request/ann/k', given: 'k', digest });

test('the first request with a key chooses the id, for jobs and process flows apart', async () => {
  const idOf = open();
  expect(await idOf('job', 'schedule/night/1', 'a')).toBe('a');
  expect(await idOf('job', 'schedule/night/1', 'b')).toBe('a');
  expect(await idOf('job', 'schedule/night/2', 'c')).toBe('c');
  expect(await idOf('flow', 'schedule/night/1', 'd')).toBe('d');
});

test('a key that a client has chosen stands for what was asked with it, and for nothing else', async () => {
  const idOf = open();
  expect(await idOf('job', sent('one'), 'a')).toBe('a');
  expect(await idOf('job', sent('one'), 'b')).toBe('a');
  await expect(idOf('job', sent('two'), 'c')).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: 'Idempotency key k was used for another request, which made the run a; send a fresh one',
    facts: { idempotencyKey: 'k', run: 'a' },
  });
  expect(await idOf('flow', sent('two'), 'd')).toBe('d');
});
