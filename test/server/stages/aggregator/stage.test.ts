import type { LayoutField, Row } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const fields: readonly LayoutField[] = [
  { name: 'household', type: 'integer' },
  { name: 'city', type: 'string' },
  { name: 'name', type: 'string' },
];
const rows = [
  [1, 'Rome', 'Al'],
  [1, 'Roma', 'Bo'],
  [2, 'Oslo', 'Cy'],
  [1, 'Rome', 'Di'],
];
const settings = { groupBy: ['household'], fields: ['city'], lists: [{ name: 'people' }] };
const inputs = { input_port: { fields, rows } };

test('records of a group become one with a list', async () => {
  const { rows: given, layouts } = await runStage({ type: 'Aggregator', settings, inputs });
  expect(layouts.output_port).toEqual([fields[0], fields[1], { name: 'people', type: 'list', fields: [fields[2]] }]);
  expect(given.output_port).toEqual([
    [1, 'Rome', [['Al'], ['Bo']]],
    [2, 'Oslo', [['Cy']]],
    [1, 'Rome', [['Di']]],
  ]);
});

test('a run goes on in the middle of a group', async () => {
  const many = Array.from({ length: 50 }, (_, n): Row => [Math.floor(n / 20), 'Rome', String(n)]);
  const test = { type: 'Aggregator', settings, inputs: { input_port: { fields, rows: many } }, batchRows: 3 };
  const whole = await runStage({ ...test, checkpointRows: 6 });
  expect(whole.checkpoints.length).toBeGreaterThan(3);
  for (const restored of whole.checkpoints) {
    expect((await runStage({ ...test, restored })).rows).toEqual(whole.rows);
  }
});

test('names that are wrong or taken are refused', () => {
  expect(
    problemsOf({
      type: 'Aggregator',
      settings: { groupBy: ['House'], lists: [{ name: 'House', fields: ['x'] }] },
      inputs,
    }),
  ).toEqual([
    'stage stage, port input_port: groupBy: no field House arrives',
    'stage stage, port input_port: fields: no field x arrives',
    'stage stage: lists: another field is named House; choose another',
  ]);
});
