import {
  applyCasing,
  formatCoordinate,
  formatStreet,
  locationCodes,
  parseCoordinate,
  plainMatchCodes,
  type ReverseResult,
  reverseGeocode,
  toFeet,
  toMeters,
} from '../../address/index.ts';
import type { AddressDatabase, Coordinates } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

type Values = OptionValues<typeof options>;

export const reverseGeocodeUSLocation = defineService({
  name: 'ReverseGeocodeUSLocation',
  module: 'geocoding',
  description: 'Finds the United States address nearest to a position',
  input: { port: 'input_port', row: 'Location', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'keep',
  run(rows, values, context) {
    const database = values.Dataset
      ? context.database(values.Dataset, 'Dataset')
      : context.database(values['Database.US'], 'Database.US');
    const answers = rows.map((row) => reverse(row, database, values));
    return answers.some((answer) => answer instanceof Promise) ? Promise.all(answers) : (answers as OutputRow[][]);
  },
});

function reverse(
  row: InputRow,
  database: AddressDatabase,
  values: Values,
): readonly OutputRow[] | Promise<readonly OutputRow[]> {
  const longitude = parseCoordinate(row.Longitude ?? '', 'longitude', values.LatLonFormat);
  const latitude = parseCoordinate(row.Latitude ?? '', 'latitude', values.LatLonFormat);
  if (longitude === undefined || latitude === undefined) {
    const name = longitude === undefined ? 'Longitude' : 'Latitude';
    return [
      fail(row, `${name}: ${JSON.stringify(row[name] ?? '')} is no coordinate in the format ${values.LatLonFormat}`),
    ];
  }
  const settings = {
    searchMeters: toMeters(values.SearchDistance),
    interpolation: { squeezeMeters: toMeters(values.Squeeze), offsetMeters: toMeters(values.Offset) },
  };
  const place: Coordinates = { longitude, latitude };
  const found = database.read((view) => reverseGeocode(view, place, settings));
  const present = (results: readonly ReverseResult[]): readonly OutputRow[] =>
    results.length === 0
      ? [fail(row, `Nothing was found within ${values.SearchDistance} feet`)]
      : results.map((result) => presentResult(result, database, values, results.length));
  return found instanceof Promise ? found.then(present) : present(found);
}

function presentResult(result: ReverseResult, database: AddressDatabase, values: Values, count: number): OutputRow {
  const { street, point, range, kind } = result;
  const cased = (text: string) => applyCasing(text, values.OutputCasing);
  const code = database.findPostalCode(street.postalCode);
  const city = cased(street.city || (code?.cities[0]?.name ?? ''));
  const state = code?.stateProvince ?? '';
  const addOn = point?.addOn || range?.addOn || '';
  const separator = values.OutputPostalCodeSeparator ? '-' : '';
  const postalCode = addOn === '' ? street.postalCode : `${street.postalCode}${separator}${addOn}`;
  const line = formatStreet({
    ...street,
    houseNumber: result.houseNumber,
    unitDesignator: point?.unitDesignator ?? '',
    unitNumber: point?.unitNumber ?? '',
    outerUnit: '',
  });
  return {
    ...empty,
    Latitude: formatCoordinate(result.coordinates, 'latitude', values.LatLonFormat),
    Longitude: formatCoordinate(result.coordinates, 'longitude', values.LatLonFormat),
    StreetSide: result.side,
    AddressLine1: cased(line),
    LastLine: `${[city, state].filter((part) => part !== '').join(', ')}  ${postalCode}`.trim(),
    City: city,
    StateProvince: state,
    'PostalCode.Base': street.postalCode,
    'PostalCode.AddOn': addOn,
    PostalCode: postalCode,
    LocationCode: locationCodes[kind],
    MatchCode: plainMatchCodes.reverse,
    StreetDataType: database.manifest.database.toUpperCase(),
    Distance: toFeet(result.distanceMeters).toFixed(1),
    PercentGeocode: result.percent.toFixed(1),
    // Several equally near addresses: each is as likely as the next.
    Confidence: String(Math.floor(100 / count)),
  };
}

const empty: Readonly<Record<string, string>> = {
  ...Object.fromEntries(outputFields.map(({ name }) => [name, ''])),
  Country: 'United States of America',
  ProcessedBy: 'KGR',
};

function fail({ Longitude = '', Latitude = '' }: InputRow, reason: string): OutputRow {
  return {
    ...empty,
    Latitude,
    Longitude,
    LocationCode: locationCodes.none,
    Confidence: '0',
    Status: 'F',
    'Status.Code': 'Failure',
    'Status.Description': reason,
  };
}
