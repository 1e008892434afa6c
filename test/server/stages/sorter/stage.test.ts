import fc from 'fast-check';
import type { FieldType, Row, Value } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

async function sort(type: FieldType, values: readonly Value[], key: object = {}) {
  const fields = [
    { name: 'key', type },
    { name: 'n', type: 'integer' },
  ] as const;
  const rows = values.map((value, n): Row => [value, n]);
  const settings = { keys: [{ field: 'key', ...key }] };
  const answer = await runStage({ type: 'Sorter', settings, inputs: { input_port: { fields, rows } } });
  return answer.rows.output_port?.map(([value]) => value);
}

test.each<[string, FieldType, readonly Value[], object, readonly Value[]]>([
  ['texts by characters', 'string', ['b', 'a10', 'B', 'a9'], {}, ['B', 'a10', 'a9', 'b']],
  ['texts as numbers', 'string', ['10', '9', '-1', '1e1'], { compareAs: 'numeric' }, ['-1', '9', '10', '1e1']],
  ['texts without spaces', 'string', [' b', 'a', '  c'], { trim: true }, ['a', ' b', '  c']],
  ['whole numbers', 'integer', [10, 9, -1], {}, [-1, 9, 10]],
  ['numbers of 64 bits', 'long', [2n ** 62n, 5n, -1n], {}, [-1n, 5n, 2n ** 62n]],
  [
    'decimals of any length',
    'bigdecimal',
    ['10.5', '-2', '9.75', '-10', '10'],
    {},
    ['-10', '-2', '9.75', '10', '10.5'],
  ],
  ['the largest first', 'double', [1, 2.5, -3], { direction: 'descending' }, [2.5, 1, -3]],
  ['nulls first', 'date', [5, null, 3], {}, [null, 3, 5]],
  ['nulls last', 'date', [5, null, 3], { nulls: 'largest' }, [3, 5, null]],
  ['nulls as largest, descending', 'date', [5, null, 3], { nulls: 'largest', direction: 'descending' }, [null, 5, 3]],
  ['false before true', 'boolean', [true, false], {}, [false, true]],
])('sorts %s', async (_, type, values, key, expected) => {
  expect(await sort(type, values, key)).toEqual(expected);
});

test('a field that does not arrive, or has no order, is refused by its name', () => {
  const fields = [
    { name: 'city', type: 'string' },
    { name: 'point', type: 'geometry' },
  ] as const;
  const settings = { keys: [{ field: 'City' }, { field: 'point' }] };
  expect(problemsOf({ type: 'Sorter', settings, inputs: { input_port: { fields, rows: [] } } })).toEqual([
    'stage stage, port input_port: keys: no field City arrives; did you mean city?',
    'stage stage, port input_port: keys: point is a geometry, which has no order; use another',
  ]);
});

test('rows spilled to disk come back in order, equal ones as they came', async () => {
  const fields = [
    { name: 'name', type: 'string' },
    { name: 'n', type: 'long' },
  ] as const;
  const settings = { memoryMiB: 1, keys: [{ field: 'name', trim: true }] };
  const rows = fc.sample(fc.constantFrom(' a', 'a', 'b ', 'c', null), { numRuns: 60_000, seed: 7 });
  const given = rows.map((name, n): Row => [name, BigInt(n)]);
  const answer = await runStage({
    type: 'Sorter',
    settings,
    inputs: { input_port: { fields, rows: given } },
    batchRows: 500,
  });
  const order = (row: Row) => (row[0] === null ? '' : String(row[0]).trim());
  expect(answer.rows.output_port).toEqual(
    [...given].sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0)),
  );
});
