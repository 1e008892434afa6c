import { type StageDefinition, subflowSettings, subflowType } from '../../dataflow/index.ts';

export const subflowDefinition: StageDefinition = {
  name: subflowType,
  label: 'Subflow',
  group: 'control',
  description: 'Another dataflow, of type subflow, in the place of a stage',
  inputs: { fixed: [], variable: { minimum: 0, maximum: 100 } },
  outputs: { fixed: [], variable: { minimum: 0, maximum: 100 } },
  settings: subflowSettings,
};
