import type { LayoutField } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const fields: readonly LayoutField[] = [
  { name: 'city', type: 'string' },
  { name: 'kind', type: 'string' },
  { name: 'price', type: 'double' },
  { name: 'day', type: 'date' },
  { name: 'count', type: 'long' },
];
const rows = [
  ['Oslo', 'new', 4, 20, 1n],
  ['Rome', 'old', 10, 7, 2n],
  ['Oslo', 'old', 2, 30, 3n],
  ['Oslo', 'new', null, 10, 4n],
  ['Oslo', 'new', 9, null, 5n],
];
const inputs = { input_port: { fields, rows } };

async function run(settings: object) {
  const answer = await runStage({ type: 'GroupStatistics', settings, inputs });
  const names = answer.layouts.output_port?.map(({ name }) => name) ?? [];
  return (
    answer.rows.output_port?.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))) ?? []
  );
}

test.each<[string, object, unknown, unknown]>([
  ['Average', { field: 'price' }, 5, 10],
  ['Maximum', { field: 'price' }, 9, 10],
  ['Minimum', { field: 'price' }, 2, 10],
  ['Sum', { field: 'count' }, 13n, 2n],
  ['Variance', { field: 'price' }, 13, null],
  ['StandardDeviation', { field: 'price' }, Math.sqrt(13), null],
  ['Percentile', { field: 'price', percentile: 75 }, 6.5, 10],
  ['AlphabeticalFirst', { field: 'kind' }, 'new', 'old'],
  ['AlphabeticalLast', { field: 'kind' }, 'old', 'old'],
  ['Longest', { field: 'kind' }, 'new', 'old'],
  ['Shortest', { field: 'kind' }, 'new', 'old'],
  ['Earliest', { field: 'day' }, 10, 7],
  ['Latest', { field: 'day' }, 30, 7],
])('%s of each group', async (operation, rest, oslo, rome) => {
  const given = await run({ groupBy: ['city'], operations: [{ operation, as: 'result', ...rest }] });
  expect(given).toMatchObject([
    { city: 'Oslo', GroupCount: 4, GroupID: 1, result: oslo, Status: null },
    { city: 'Rome', GroupCount: 1, GroupID: 2, result: rome },
  ]);
});

test('results are named by operation and field, with the number of values that count', async () => {
  expect(await run({ groupBy: ['city'], operations: [{ operation: 'Average', field: 'price' }] })).toMatchObject([
    { AverageOfprice: 5, ComputationalCountAverageOfprice: 3 },
    { AverageOfprice: 10, ComputationalCountAverageOfprice: 1 },
  ]);
});

test('values of a field become columns', async () => {
  const operations = [{ operation: 'Sum', field: 'price' }];
  const given = await run({ groupBy: ['city'], pivot: { field: 'kind', values: ['new', 'old'] }, operations });
  expect(given).toMatchObject([
    { city: 'Oslo', new_Sum: 13, old_Sum: 2 },
    { city: 'Rome', new_Sum: null, old_Sum: 10 },
  ]);
});

test('records have a rank and a score within their group', async () => {
  const operations = [
    { operation: 'PercentRank', field: 'price' },
    { operation: 'ZScore', field: 'price' },
  ];
  const given = await run({ give: 'records', operations });
  expect(given.map(({ PercentRankOfprice }) => PercentRankOfprice)).toEqual([1 / 3, 1, 0, null, 2 / 3]);
  expect(given.map(({ ZScoreOfprice }) => ZScoreOfprice)[3]).toBeNull();
  expect(given[1]?.ZScoreOfprice).toBeCloseTo((10 - 6.25) / Math.sqrt(44.75 / 3), 10);
});

test('operations that a field or a form of output does not have are refused', () => {
  const problems = (settings: object) => problemsOf({ type: 'GroupStatistics', settings, inputs });
  expect(problems({ operations: [{ operation: 'Sum', field: 'kind' }] })).toEqual([
    'stage stage: operations: Sum of kind: a string has none; cast it to integer, long, float, double, bigdecimal',
  ]);
  expect(problems({ operations: [{ operation: 'ZScore', field: 'price' }] })).toEqual([
    'stage stage: operations: ZScore of price: each record has one of its own; set give to records',
  ]);
  const twice = ['price', 'count'].map((field) => ({ operation: 'Sum', field }));
  expect(problems({ pivot: { field: 'kind', values: ['new'] }, operations: twice })).toEqual([
    'stage stage: operations: two results are named new_Sum; name one by as',
  ]);
});
