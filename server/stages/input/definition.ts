import { type ExchangeSettings, exchangeSettings, inputType, type StageDefinition } from '../../dataflow/index.ts';

export const inputDefinition: StageDefinition<ExchangeSettings> = {
  name: inputType,
  label: 'Input',
  group: 'sources',
  description: 'Gives the records of a request to a service, or those that arrive at a subflow',
  inputs: { fixed: [] },
  outputs: { fixed: [{ name: 'output_port', description: 'The records' }] },
  settings: exchangeSettings,
};
