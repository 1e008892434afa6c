import fc from 'fast-check';
import type { LayoutField, Row, Value } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const text = (...names: string[]) => names.map((name): LayoutField => ({ name, type: 'string' }));
const customers = {
  fields: text('id', 'name'),
  rows: [
    ['2', 'Bo'],
    ['1', 'Al'],
    ['3', 'Cy'],
    [null, 'Nobody'],
  ],
};
const orders = {
  fields: text('id', 'item'),
  rows: [
    ['3', 'chair'],
    ['2', 'bed'],
    ['3', 'clock'],
    ['9', 'lamp'],
  ],
};

async function join(type: string, more: object = {}) {
  const settings = { leftPort: 'left', joins: [{ port: 'right', type, keys: [{ left: 'id', right: 'id' }] }], ...more };
  const inputs = { left: customers, right: orders };
  return runStage({ type: 'RecordJoiner', settings, inputs, outputs: ['output_port', 'not_joined'] });
}

test.each<[string, readonly Row[], readonly Row[]]>([
  [
    'inner',
    [
      ['2', 'Bo', 'bed'],
      ['3', 'Cy', 'chair'],
      ['3', 'Cy', 'clock'],
    ],
    [
      [null, 'Nobody', null],
      ['1', 'Al', null],
      ['9', null, 'lamp'],
    ],
  ],
  [
    'left outer',
    [
      [null, 'Nobody', null],
      ['1', 'Al', null],
      ['2', 'Bo', 'bed'],
      ['3', 'Cy', 'chair'],
      ['3', 'Cy', 'clock'],
    ],
    [['9', null, 'lamp']],
  ],
  [
    'full',
    [
      [null, 'Nobody', null],
      ['1', 'Al', null],
      ['2', 'Bo', 'bed'],
      ['3', 'Cy', 'chair'],
      ['3', 'Cy', 'clock'],
      ['9', null, 'lamp'],
    ],
    [],
  ],
])('joins by %s', async (type, joined, leftOut) => {
  const { rows, layouts } = await join(type);
  expect(layouts.output_port?.map(({ name }) => name)).toEqual(['id', 'name', 'item']);
  expect(rows).toEqual({ output_port: joined, not_joined: leftOut });
});

test('records that are said to be sorted and are not fail the run with their place', async () => {
  await expect(join('inner', { sortedPorts: ['right'] })).rejects.toThrow(
    'stage stage, port right: record 2 is not in the order of id; take the port out of sortedPorts',
  );
});

test('ports and keys that cannot be joined are refused by name', () => {
  const inputs = { left: customers, right: { fields: [{ name: 'no', type: 'integer' } as const], rows: [] } };
  const problems = (joins: object[]) =>
    problemsOf({ type: 'RecordJoiner', settings: { leftPort: 'left', joins }, inputs });
  expect(problems([{ port: 'right', keys: [{ left: 'id', right: 'no' }] }])).toEqual([
    'stage stage, port right: joins[0].keys: id is a string and no a integer; cast one of them',
  ]);
  expect(problems([{ port: 'third', keys: [] }])).toEqual([
    'stage stage, port third: joins[0].port: the port has no channel; connect it',
    'stage stage, port right: the port is not joined; add it to joins',
  ]);
});

const key = fc.option(fc.integer({ min: 0, max: 5 }), { freq: 8 });
const rowsOf = (count: number) =>
  fc.array(fc.array(key, { minLength: count, maxLength: count }) as fc.Arbitrary<Row>, { maxLength: 30 });

test('two joins by different keys give what comparing every record with every other gives', async () => {
  const integers = (...names: string[]) => names.map((name): LayoutField => ({ name, type: 'integer' }));
  const types = fc.constantFrom('left outer', 'inner');
  await fc.assert(
    fc.asyncProperty(rowsOf(2), rowsOf(2), rowsOf(2), types, types, async (a, b, c, first, second) => {
      const { rows } = await runStage({
        type: 'RecordJoiner',
        settings: {
          leftPort: 'a',
          joins: [
            { port: 'b', type: first, keys: [{ left: 'x', right: 'bx' }] },
            { port: 'c', type: second, keys: [{ left: 'y', right: 'cy' }] },
          ],
        },
        inputs: {
          a: { fields: integers('x', 'y'), rows: a },
          b: { fields: integers('bx', 'bz'), rows: b },
          c: { fields: integers('cy', 'cz'), rows: c },
        },
      });
      const step = (left: readonly Row[], right: readonly Row[], position: number, type: string) =>
        left.flatMap((row) => {
          const partners = right.filter(([value]) => value !== null && value === row[position]);
          if (partners.length === 0) return type === 'inner' ? [] : [[...row, null, null]];
          return partners.map((partner) => [...row, ...partner]);
        });
      const expected = step(step(a, b, 0, first), c, 1, second);
      const texts = (all: readonly (readonly Value[])[] = []) => all.map((row) => JSON.stringify(row)).sort();
      expect(texts(rows.output_port)).toEqual(texts(expected));
    }),
    { numRuns: 40 },
  );
});

test('a full join of many records goes over the disk', async () => {
  const fields = [{ name: 'n', type: 'long' } as const];
  const evens = Array.from({ length: 30_000 }, (_, n): Row => [BigInt((n * 7919) % 30_000) * 2n]);
  const threes = Array.from({ length: 20_000 }, (_, n): Row => [BigInt((n * 7919) % 20_000) * 3n]);
  const { rows } = await runStage({
    type: 'RecordJoiner',
    settings: {
      leftPort: 'two',
      joins: [{ port: 'three', type: 'full', keys: [{ left: 'n', right: 'n' }] }],
      memoryMiB: 1,
    },
    inputs: { two: { fields, rows: evens }, three: { fields, rows: threes } },
    batchRows: 500,
  });
  const expected = Array.from({ length: 60_000 }, (_, n) => n).filter((n) => n % 2 === 0 || n % 3 === 0);
  expect(rows.output_port?.map(([n]) => Number(n))).toEqual(expected);
});
