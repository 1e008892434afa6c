import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { readChunks, writeChunks } from '../../../server/configuration/chunks.ts';
import { chunkSort } from '../../../server/configuration/keys.ts';
import { MemoryTable } from '../../support/table-memory.ts';

const purpose = { epoch: 1, revision: 7 };
/** DynamoDB holds 400 KB in an item, its keys and names of attributes among it. */
const itemBytes = 390_000;

async function store(text: string) {
  const table = new MemoryTable();
  const value = await writeChunks(table, 'test', text, purpose);
  const stored = [...table.partitions.values()].flatMap((sorts) => [...sorts.values()]);
  return { table, value, sizes: stored.map(({ data }) => (data as Uint8Array).length) };
}

const objects = Array.from({ length: 10_000 }, (_, index) =>
  JSON.stringify(['connection', `connection ${index}`, index, `{"host":"db${index}.example.com","port":"5432"}`]),
);

test.each([
  ['nothing', '', 0],
  ['one letter', 'x', 1],
  ['10,000 objects', objects.join('\n'), 2],
  ['a long text that is always the same', 'ü'.repeat(3_000_000), 4],
])('%s comes back from few chunks', async (_, text, most) => {
  const { table, value, sizes } = await store(text);
  expect(await readChunks(table, 'test', value)).toBe(text);
  expect(sizes.length).toBeLessThanOrEqual(most);
  expect(Math.max(0, ...sizes)).toBeLessThan(itemBytes);
});

const drawn = (count: number, toCharacter: (number: number) => number) => {
  const numbers = [...new Uint16Array(Uint8Array.from(randomBytes(2 * count)).buffer)];
  return numbers.map((number) => String.fromCodePoint(toCharacter(number))).join('');
};

test.each([
  ['digits of random bytes', randomBytes(1_200_000).toString('base64')],
  ['random characters of three bytes', drawn(300_000, (number) => 0x800 + (number % 0xc000))],
  ['random characters of four bytes, two of UTF-16', drawn(300_000, (number) => 0x10000 + number)],
])('%s, which compress badly, fit into items of the table', async (_, text) => {
  const { table, value, sizes } = await store(text);
  expect(await readChunks(table, 'test', value)).toBe(text);
  expect(Math.max(...sizes)).toBeLessThan(itemBytes);
});

test('equal texts are equal chunks, and any text comes back', async () => {
  const texts = fc.tuple(fc.string({ unit: 'binary', minLength: 1 }), fc.integer({ min: 1, max: 30_000 }));
  await fc.assert(
    fc.asyncProperty(texts, async ([unit, times]) => {
      const text = unit.repeat(times);
      const [first, second] = [await store(text), await store(text)];
      expect(second.value).toEqual(first.value);
      expect((await readChunks(first.table, 'test', first.value)) === text).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test.each([
  ['missing', undefined],
  ['another text', new Uint8Array([3, 0])],
  ['no compressed text', new Uint8Array([255, 255, 255])],
])('a chunk that is %s gives no text', async (_, data) => {
  const { table, value } = await store(objects.join('\n'));
  const [partition = ''] = table.partitions.keys();
  await table.delete({ partition, sort: chunkSort }, 'none');
  if (data) await table.put({ partition, sort: chunkSort }, { data, purpose: '1.7' }, 'none');
  expect(await readChunks(table, 'test', value)).toBeUndefined();
});
