import { runStage } from '../support/run-stage.ts';

const fields = [{ name: 'n', type: 'integer' } as const];

test('a record ends the job, none lets it be', async () => {
  const test = { type: 'TerminateJob', settings: {}, outputs: [] };
  await expect(runStage({ ...test, inputs: { input_port: { fields, rows: [[1]] } } })).rejects.toThrow(
    'Job terminated by stage: stage.',
  );
  await runStage({ ...test, inputs: { input_port: { fields, rows: [] } } });
});
