import { applyCasing, findCanadianPlaces, findCitiesOfPostalCode, isCanadianPostalCode } from '../../address/index.ts';
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
  if (isCanadianPostalCode(given)) return answerCanadian(given, values, context);
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

function answerCanadian(
  given: string,
  values: OptionValues<typeof options>,
  context: ServiceContext,
): readonly OutputRow[] {
  const echo = { PostalCode: given, ProcessedBy: 'CAN' };
  if (!values.PerformCanadianProcessing) return [{ ...echo, ...disabled('PerformCanadianProcessing') }];
  const database = context.database(values['Database.Canada'] || values['Database.US'], 'Database.Canada');
  const places = findCanadianPlaces(database.foreignPlaces, given);
  if (places.length === 0) return [{ ...echo, ...unrecognized }];
  return places
    .slice(0, values.MaximumResults)
    .map(({ city, regionCode }) => ({ ...echo, Country: 'Canada', StateProvince: regionCode, City: city }));
}

const unrecognized: OutputRow = {
  Status: 'F',
  'Status.Code': 'UnrecognizedPostalCode',
  'Status.Description': 'Postal code not found',
};

function disabled(option: string): OutputRow {
  return { Status: 'F', 'Status.Code': 'DisabledCoder', 'Status.Description': `${option} disabled` };
}
