import {
  type AddressInput,
  type GeocodeSettings,
  geocodeAddress,
  parseAddress,
  toMeters,
} from '../../address/index.ts';
import type { AddressDatabase } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { type Answering, presentResult } from './answer.ts';
import { createEmptyFields, inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

type Values = OptionValues<typeof options>;

export const geocodeUSAddress = defineService({
  name: 'GeocodeUSAddress',
  module: 'geocoding',
  description: 'Finds the position of a United States address',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'keep',
  run(rows, values, context) {
    const database = values.Dataset
      ? context.database(values.Dataset, 'Dataset')
      : context.database(values['Database.US'], 'Database.US');
    const answering: Answering = {
      empty: createEmptyFields(values.OutputRecordType),
      casing: values.OutputCasing,
      coordinateFormat: values.LatLonFormat,
      separator: values.OutputPostalCodeSeparator ? '-' : '',
      keepsMultiple: values.KeepMultimatch,
      manifest: database.manifest,
    };
    const settings = toSettings(values);
    const answers = rows.map((row) => geocode(row, database, settings, answering));
    return answers.some((answer) => answer instanceof Promise) ? Promise.all(answers) : (answers as OutputRow[][]);
  },
});

function geocode(
  row: InputRow,
  database: AddressDatabase,
  settings: GeocodeSettings,
  answering: Answering,
): readonly OutputRow[] | Promise<readonly OutputRow[]> {
  const isCity = (city: string, state: string) => database.listPostalCodesOfCity(city, state).length > 0;
  const address = parseAddress(toInput(row), isCity);
  const found = database.read((view) => geocodeAddress(database, view, address, settings));
  const present = (result: Awaited<typeof found>) => presentResult(result, row, address, answering);
  return found instanceof Promise ? found.then(present) : present(found);
}

/** LastLine stands for city, state and ZIP Code together. */
function toInput(row: InputRow): AddressInput {
  const { AddressLine1 = '', AddressLine2 = '', AddressLine3 = '', AddressLine4 = '' } = row;
  const { AddressLine5 = '', AddressLine6 = '', LastLine = '', City = '', StateProvince = '', PostalCode = '' } = row;
  const addressLines = [AddressLine1, AddressLine2, AddressLine3, AddressLine4, AddressLine5, AddressLine6];
  if (LastLine.trim() !== '') return { addressLines, city: LastLine, stateProvince: '', postalCode: '' };
  return { addressLines, city: City, stateProvince: StateProvince, postalCode: PostalCode };
}

/** Strictness of names and directionals for each mode (addressing reference 1.3: exact, tight, medium, loose). */
const strictness = { Exact: 'E', Close: 'M', Relaxed: 'L' } as const;

function toSettings(values: Values): GeocodeSettings {
  const level = strictness[values.MatchMode];
  return {
    match: { street: level, directional: level },
    interpolation: { squeezeMeters: toMeters(values.Squeeze), offsetMeters: toMeters(values.Offset) },
    interpolatesPoints: values.AddressPointInterpolation,
    fallsBackToStreet: values.FallbackToStreet,
    fallsBackToPostalCode: values.CentroidPreference === 'AddressUnavailable',
    fallsBackToGeographic: values.FallbackToGeographic,
  };
}
