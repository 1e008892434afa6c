import type { StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { terminateJobDefinition } from './definition.ts';

export const terminateJob: StageType = {
  definition: terminateJobDefinition,
  plan: () => ({
    outputs: new Map(),
    problems: [],
    flow: 'streaming',
    canResume: true,
    open: ({ stage, label }) => ({
      process(rows) {
        if (rows.length === 0) return;
        throw new SpectrumError('JOB_TERMINATED', `Job terminated by stage: ${label}.`, { stage });
      },
    }),
  }),
};
