import { problemsOf, runStage } from '../support/run-stage.ts';

const fields = [
  { name: 'price', type: 'double' },
  { name: 'count', type: 'integer' },
] as const;
const inputs = {
  input_port: {
    fields,
    rows: [
      [7.5, 3],
      [1, 0],
      [null, 2],
    ],
  },
};

test('fields are worked out in order, also by conditions and as other types', async () => {
  const calculations = [
    { field: 'total', expression: 'price * count' },
    { field: 'each', expression: 'count > 0 ? total / count : 0' },
    { field: 'whole', type: 'integer', expression: 'floor(price)' },
    { field: 'isDear', type: 'boolean', expression: 'price > 5' },
  ];
  const { rows, layouts } = await runStage({ type: 'Math', settings: { calculations }, inputs });
  expect(layouts.output_port?.map(({ type }) => type)).toEqual([
    'double',
    'integer',
    'double',
    'double',
    'integer',
    'boolean',
  ]);
  expect(rows.output_port).toEqual([
    [7.5, 3, 22.5, 7.5, 7, true],
    [1, 0, 0, 0, 1, false],
    [null, 2, null, null, null, expect.anything()],
  ]);
});

test('an expression that cannot be is refused at its place', () => {
  const calculations = [{ field: 'x', expression: 'prize * 2' }];
  expect(problemsOf({ type: 'Math', settings: { calculations }, inputs })).toEqual([
    'stage stage: calculations[0].expression: there is no field prize; did you mean price? (in prize * 2)',
  ]);
});
