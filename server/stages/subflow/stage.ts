import { Layout, type StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { subflowDefinition } from './definition.ts';

/** Stands in documents only: the stages of the subflow take its place before a dataflow is compiled. */
export const subflow: StageType = {
  definition: subflowDefinition,
  plan: ({ outputs }) => ({
    outputs: new Map(outputs.map((port) => [port, Layout.empty])),
    problems: [{ sentence: 'the subflow is not known here; save the dataflow and expose it to see' }],
    flow: 'streaming',
    canResume: false,
    open() {
      throw new SpectrumError('INVALID_DATAFLOW', 'A subflow runs in the place of its stage only', {});
    },
  }),
};
