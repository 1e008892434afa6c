import { problemsOf, runStage } from '../support/run-stage.ts';

const inputs = {
  a: {
    fields: [
      { name: 'id', type: 'integer' },
      { name: 'x', type: 'string' },
    ] as const,
    rows: [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ],
  },
  b: {
    fields: [
      { name: 'id', type: 'integer' },
      { name: 'y', type: 'string' },
    ] as const,
    rows: [
      [11, 'A'],
      [12, 'B'],
    ],
  },
};

test('records of the same place become one; the preferred port counts where names are the same', async () => {
  const run = async (settings: object) =>
    (await runStage({ type: 'RecordCombiner', settings, inputs })).rows.output_port;
  expect(await run({})).toEqual([
    [1, 'a', 'A'],
    [2, 'b', 'B'],
    [3, 'c', null],
  ]);
  expect(await run({ preferredPort: 'b' })).toEqual([
    [11, 'A', 'a'],
    [12, 'B', 'b'],
    [3, null, 'c'],
  ]);
});

test('a preferred port that is none is refused', () => {
  expect(problemsOf({ type: 'RecordCombiner', settings: { preferredPort: 'c' }, inputs })).toEqual([
    'stage stage, port c: preferredPort: the input ports are a, b',
  ]);
});
