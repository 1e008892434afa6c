import { findPostalCodesOfCity, type PostalCodesOfCity } from '../../address/index.ts';
import { defineService, type InputRow, type OutputRow, type ServiceContext } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

export const getPostalCodes = defineService({
  name: 'GetPostalCodes',
  module: 'addressing',
  description: 'Returns the ZIP Codes of a city',
  input: { port: 'input_port', row: 'City', fields: inputFields },
  output: { port: 'output_port', row: 'Result', fields: outputFields },
  options,
  emptyValues: 'omit',
  run: (rows, values, context) => rows.map((row) => answer(row, values, context)),
});

function answer(row: InputRow, values: OptionValues<typeof options>, context: ServiceContext): readonly OutputRow[] {
  const { City: city = '', StateProvince: state = '' } = row;
  const database = context.database(values['Database.US'], 'Database.US');
  const found = findPostalCodesOfCity(database, city, state, { includeVanity: values.OutputVanityCity });
  if (found.kind !== 'found') return [{ ProcessedBy: 'USA', Status: 'F', ...failures[found.kind] }];
  const showsType = values.OutputCityType && /^[A-Za-z]{2}$/.test(state.trim());
  return found.codes.map(({ code, type }) => ({
    PostalCode: code,
    ProcessedBy: 'USA',
    ...(showsType && { 'City.Type': type }),
  }));
}

const failures: Readonly<Record<Exclude<PostalCodesOfCity['kind'], 'found'>, OutputRow>> = {
  'country-not-supported': {
    'Status.Code': 'CountryNotSupported',
    'Status.Description': 'Input country is not supported',
  },
  'city-blank': { 'Status.Code': 'UnableToLookup', 'Status.Description': 'Input city was blank' },
  'no-match': {
    'Status.Code': 'UnableToLookup',
    'Status.Description': 'Input city & state / province was blank, or no match found',
  },
  mismatch: {
    'Status.Code': 'UnableToLookup',
    'Status.Description':
      'City-state mismatch (different spelling found, or city-state was a vanity name and vanity matching was not allowed, or city-state did not match ZIP Code)',
  },
};
