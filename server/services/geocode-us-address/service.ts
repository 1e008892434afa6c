import {
  type AddressInput,
  type GeocodeSettings,
  geocodeAddress,
  parseAddress,
  toMeters,
} from '../../address/index.ts';
import { defineService, type InputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { presentResult } from './answer.ts';
import type { Answering } from './answer-groups.ts';
import { createEmptyFields, type ExtraGroup, findGroup, inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';
import { predictLastLine, prepare, restrict } from './preferences.ts';

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
    const groups = listGroups(values);
    const answering: Answering = {
      groups,
      emptyFields: createEmptyFields(groups),
      casing: values.OutputCasing,
      coordinateFormat: values.LatLonFormat,
      separator: values.OutputPostalCodeSeparator ? '-' : '',
      keepsMultiple:
        values.KeepMultimatch ||
        values.KeepCandidates ||
        values.AlwaysFindCandidates ||
        values.MatchMode === 'Interactive',
      fields: values.OutputFields,
      wholeGroups: values.OutputRecordType,
      database: database.manifest.database.toUpperCase(),
      vintage: database.manifest.vintage,
    };
    const settings = toSettings(values, database.manifest.numbering);
    const isCity = (city: string, state: string) => database.listPostalCodesOfCity(city, state).length > 0;
    // One read for all rows: what they miss is loaded together. Each is presented before the next: see ValidateAddress.
    return database.read((view) =>
      rows.map((row) => {
        const parsed = prepare(parseAddress(toInput(row), isCity), values, database);
        const address = values.PredictiveLastLine ? predictLastLine(parsed, row, values, view) : parsed;
        const result = restrict(geocodeAddress(database, view, address, settings), values);
        return presentResult(result, row, address, answering);
      }),
    );
  },
});

/** The groups asked for, and those of single fields asked for. */
function listGroups({ OutputRecordType, OutputFields }: Values): ReadonlySet<ExtraGroup> {
  return new Set([...OutputRecordType, ...[...OutputFields].flatMap((name) => findGroup(name) ?? [])]);
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
const strictness = { Exact: 'E', Close: 'M', Relaxed: 'L', Interactive: 'L', CASS: 'M', Custom: 'L' } as const;

function toSettings(values: Values, numbering: GeocodeSettings['interpolation']['numbering']): GeocodeSettings {
  const level = strictness[values.MatchMode];
  return {
    match: { street: level, directional: level },
    interpolation: { squeezeMeters: toMeters(values.Squeeze), offsetMeters: toMeters(values.Offset), numbering },
    interpolatesPoints: values.AddressPointInterpolation,
    fallsBackToStreet: values.FallbackToStreet,
    fallsBackToPostalCode: values.CentroidPreference === 'AddressUnavailable',
    fallsBackToGeographic: values.FallbackToGeographic,
  };
}
