import type { LayoutField } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const fields: readonly LayoutField[] = [
  { name: 'household', type: 'integer' },
  { name: 'people', type: 'list', fields: [{ name: 'name', type: 'string' }] },
  { name: 'city', type: 'string' },
];
const rows = [
  [1, [['Al'], ['Bo']], 'Rome'],
  [2, [], 'Oslo'],
  [3, null, 'Bern'],
];
const inputs = { input_port: { fields, rows } };

test('each record of a list becomes one, with the fields around it', async () => {
  const answer = await runStage({
    type: 'Splitter',
    settings: { list: 'people' },
    inputs,
    outputs: ['output_port', 'header_port'],
  });
  expect(answer.layouts.output_port?.map(({ name }) => name)).toEqual(['household', 'city', 'name']);
  expect(answer.rows).toEqual({
    output_port: [
      [1, 'Rome', 'Al'],
      [1, 'Rome', 'Bo'],
    ],
    header_port: [
      [1, 'Rome'],
      [2, 'Oslo'],
      [3, 'Bern'],
    ],
  });
});

test('empty lists may keep their record', async () => {
  const settings = { list: 'people', fields: ['household'], keepsEmpty: true };
  const { rows: given } = await runStage({ type: 'Splitter', settings, inputs });
  expect(given.output_port).toEqual([
    [1, 'Al'],
    [1, 'Bo'],
    [2, null],
    [3, null],
  ]);
});

test('only lists can be split', () => {
  const problems = (list: string) => problemsOf({ type: 'Splitter', settings: { list }, inputs });
  expect(problems('city')).toEqual(['stage stage: list: city is a string, not a list']);
  expect(problems('peopel')).toEqual([
    'stage stage, port input_port: list: no field peopel arrives; did you mean people?',
  ]);
});
