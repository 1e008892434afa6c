import { type ExchangeSettings, exchangeSettings, outputType, type StageDefinition } from '../../dataflow/index.ts';

export const outputDefinition: StageDefinition<ExchangeSettings> = {
  name: outputType,
  label: 'Output',
  group: 'sinks',
  description: 'Takes the records of an answer of a service, or those that leave a subflow',
  inputs: { fixed: [{ name: 'input_port', description: 'The records; fields that do not arrive stay empty' }] },
  outputs: { fixed: [] },
  settings: exchangeSettings,
};
