import { type ExchangeSettings, exchangeLayout, type Row, type Source, type StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { repeatedNames } from '../layouts.ts';
import { inputDefinition } from './definition.ts';

/** Records that go on together. */
const batchRows = 200;

export const input: StageType<ExchangeSettings> = {
  definition: inputDefinition,
  plan: ({ settings }) => {
    const problems = repeatedNames(settings.fields);
    const outputs = problems.length > 0 ? [] : [['output_port', exchangeLayout(settings)] as const];
    return {
      outputs: new Map(outputs),
      problems,
      flow: 'streaming',
      canResume: false,
      open: ({ resources }) => {
        const { exchange } = resources;
        if (exchange !== undefined) return createSource(exchange.request);
        throw new SpectrumError('INVALID_DATAFLOW', 'Input gives the records of a request, and a job has none');
      },
    };
  },
};

function createSource(request: readonly Row[]): Source {
  return {
    async *batches() {
      for (let from = 0; from < request.length; from += batchRows) {
        yield { rows: request.slice(from, from + batchRows) };
      }
    },
  };
}
