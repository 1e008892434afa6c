import type { StageType } from '../../dataflow/index.ts';
import { writeToNullDefinition } from './definition.ts';

export const writeToNull: StageType = {
  definition: writeToNullDefinition,
  plan: () => ({
    outputs: new Map(),
    problems: [],
    flow: 'streaming',
    canResume: true,
    reads: () => new Set(),
    open: () => ({ process() {} }),
  }),
};
