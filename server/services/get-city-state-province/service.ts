import { applyCasing, findCitiesOfPostalCode, isCanadianPostalCode } from '../../address/index.ts';
import { defineService, type InputRow, type OutputRow, type ServiceContext } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

export const getCityStateProvince = defineService({
  name: 'GetCityStateProvince',
  module: 'addressing',
  description: 'Returns the cities and the state of a postal code',
  input: { port: 'input_port', row: 'PostalCode', fields: inputFields },
  output: { port: 'output_port', row: 'Result', fields: outputFields },
  options,
  emptyValues: 'omit',
  run: (rows, values, context) => rows.map((row) => answer(row, values, context)),
});

function answer(row: InputRow, values: OptionValues<typeof options>, context: ServiceContext): readonly OutputRow[] {
  const { PostalCode: given = '' } = row;
  if (isCanadianPostalCode(given)) return [answerCanadian(given, values.PerformCanadianProcessing)];
  const echo = { PostalCode: given, ProcessedBy: 'USA' };
  if (!values.PerformUSProcessing) return [{ ...echo, ...disabled('PerformUSProcessing') }];
  const database = context.database(values['Database.US'], 'Database.US');
  const found = findCitiesOfPostalCode(database, given, { includeVanity: values.OutputVanityCity });
  if (!found) return [{ ...echo, ...unrecognized }];
  const place = { ...echo, Country: 'United States Of America', StateProvince: found.postalCode.stateProvince };
  // A territory's ZIP Code may be known without a city: its state is an answer all the same.
  if (found.cities.length === 0) return [place];
  return found.cities
    .slice(0, values.MaximumResults)
    .map(({ name, type }) => ({ ...place, City: applyCasing(name, 'M'), 'City.Type': type }));
}

/** There is no Canadian data yet, so every Canadian code is unknown. */
function answerCanadian(given: string, isEnabled: boolean): OutputRow {
  const echo = { PostalCode: given, ProcessedBy: 'CAN' };
  return isEnabled ? { ...echo, ...unrecognized } : { ...echo, ...disabled('PerformCanadianProcessing') };
}

const unrecognized: OutputRow = {
  Status: 'F',
  'Status.Code': 'UnrecognizedPostalCode',
  'Status.Description': 'Postal code not found',
};

function disabled(option: string): OutputRow {
  return { Status: 'F', 'Status.Code': 'DisabledCoder', 'Status.Description': `${option} disabled` };
}
