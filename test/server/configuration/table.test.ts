import type { Key, Table } from '../../../server/configuration/table.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { startTestTables, type TestTables } from '../../support/table-server.ts';

/** One suite on both implementations: what holds for the memory table holds over HTTP. */
let tables: TestTables;
beforeAll(async () => {
  tables = await startTestTables();
});
afterAll(() => tables.close());

const key = (sort: string, partition = 'p') => ({ partition, sort });
const all = { partition: 'p', from: 'a', to: 'z', limit: 10, order: 'ascending' } as const;

describe.each(['memory', 'dynamodb'])('a table: %s', (kind) => {
  let table: Table;
  beforeEach(async () => {
    table = kind === 'memory' ? new MemoryTable() : await tables.open(`table-${Math.random()}`);
  });

  test('keeps every type of attribute', async () => {
    const attributes = { text: 'ä\u0000"', number: 0.1, flag: false, list: ['b', 'a'], empty: [] as string[] };
    await table.put(key('a'), { ...attributes, bytes: new Uint8Array([0, 255]) }, 'none');
    const found = (await table.get(key('a'), 'strong'))?.attributes;
    expect(found).toMatchObject(attributes);
    expect(Buffer.from(found?.bytes as Uint8Array)).toEqual(Buffer.from([0, 255]));
  });

  test('knows no item that was never put', async () => {
    expect(await table.get(key('a'), 'strong')).toBeUndefined();
  });

  test('puts with the condition absent only once', async () => {
    expect(await table.put(key('a'), { by: 'first' }, 'absent')).toBe('written');
    expect(await table.put(key('a'), { by: 'second' }, 'absent')).toBe('refused');
    expect((await table.get(key('a'), 'strong'))?.attributes).toEqual({ by: 'first' });
  });

  test('puts and deletes where an attribute has the value asked for', async () => {
    await table.put(key('a'), { counter: 1 }, 'absent');
    expect(await table.put(key('a'), { counter: 3 }, { name: 'counter', equals: 2 })).toBe('refused');
    expect(await table.put(key('a'), { counter: 2 }, { name: 'counter', equals: 1 })).toBe('written');
    expect(await table.delete(key('a'), { name: 'counter', equals: 1 })).toBe('refused');
    expect(await table.delete(key('a'), { name: 'counter', equals: 2 })).toBe('written');
    expect(await table.put(key('b'), { counter: 1 }, { name: 'counter', equals: 1 })).toBe('refused');
  });

  test('lists a range in either order, both ends included, in pages', async () => {
    for (const sort of ['c', 'a', 'd', 'b']) await table.put(key(sort), {}, 'absent');
    await table.put(key('b', 'other'), {}, 'absent');
    const sorts = async (range: object) => {
      const { items, hasMore } = await table.query({ ...all, ...range }, 'strong');
      return [items.map((item) => item.key.sort).join(''), hasMore];
    };
    expect(await sorts({})).toEqual(['abcd', false]);
    expect(await sorts({ from: 'b', to: 'c' })).toEqual(['bc', false]);
    expect(await sorts({ order: 'descending' })).toEqual(['dcba', false]);
    expect(await sorts({ limit: 3 })).toEqual(['abc', true]);
    expect(await sorts({ partition: 'nobody' })).toEqual(['', false]);
  });

  test('scans the partitions that begin so, page by page, with one attribute', async () => {
    const names = Array.from({ length: 45 }, (_, index) => `some#${index}`);
    for (const name of names) await table.put(key('a', name), { size: name.length, other: 'x' }, 'absent');
    await table.put(key('a', 'another'), { size: 1 }, 'absent');
    await table.put(key('b', 'some#0'), { other: 'x' }, 'absent');
    const found: [string, unknown][] = [];
    for (let after: Key | undefined, more = true; more; more = after !== undefined) {
      const page = await table.scan({ partitionPrefix: 'some#', attribute: 'size', after });
      found.push(...page.items.map((item): [string, unknown] => [item.key.partition + item.key.sort, item.attributes]));
      after = page.next;
    }
    const expected = names.map((name): [string, unknown] => [`${name}a`, { size: name.length }]);
    expect(new Map(found)).toEqual(new Map([...expected, ['some#0b', {}]]));
    expect(found).toHaveLength(46);
  });
});

test('a table that does not exist is refused, an unreachable one is unreachable', async () => {
  const { openDynamoTable } = await import('../../../server/configuration/dynamodb.ts');
  const missing = openDynamoTable({ tableName: 'missing', endpoint: tables.endpoint });
  await expect(missing.get(key('a'), 'strong')).rejects.toMatchObject({ reason: 'refused' });
  const closed = openDynamoTable({ tableName: 'missing', endpoint: 'http://127.0.0.1:9' });
  await expect(closed.put(key('a'), {}, 'none')).rejects.toMatchObject({ reason: 'unreachable' });
  missing.close();
  closed.close();
});

test('the client prints no warning of its own', async () => {
  const warnings: string[] = [];
  const note = (warning: Error) => warnings.push(warning.message);
  process.on('warning', note);
  await tables.open('quiet-table');
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
