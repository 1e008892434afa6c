import {
  applyCasing,
  formatCoordinate,
  formatStreet,
  fromUnit,
  locationCodes,
  parseCoordinate,
  plainMatchCodes,
  type ReverseResult,
  reverseGeocode,
  toMeters,
} from '../../address/index.ts';
import type { AddressDatabase, Coordinates, PostalCodeRecord } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import { toCensus, toSegment } from '../geocode-us-address/answer-groups.ts';
import type { OptionValues } from '../options.ts';
import { inputFields, outputFields, standardFields } from './fields.ts';
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
    const places = rows.map((row) => readPlace(row, values));
    const settings = {
      searchMeters: toMeters(values.SearchDistance),
      searchesPoints: values.SearchAddressPoints,
      searchesSegments: values.SearchStreetSegments,
      interpolation: {
        squeezeMeters: toMeters(values.Squeeze),
        offsetMeters: toMeters(values.Offset),
        numbering: database.manifest.numbering,
      },
    };
    // One read for all rows: what they miss is loaded together.
    const found = database.read((view) =>
      places.map((place) => (typeof place === 'string' ? [] : reverseGeocode(view, place, settings))),
    );
    const present = (answers: Awaited<typeof found>) =>
      answers.map((results, index) => {
        const [row = {}, place] = [rows[index], places[index]];
        if (typeof place === 'string') return [fail(row, place)];
        if (results.length === 0) return [fail(row, `Nothing was found within ${values.SearchDistance} feet`)];
        const kept = values.KeepMultimatch ? results : results.slice(0, 1);
        return kept.map((result) => presentResult(result, database, values, results.length));
      });
    return found instanceof Promise ? found.then(present) : present(found);
  },
});

/** The place asked for, or what is wrong with it. */
function readPlace(row: InputRow, { LatLonFormat }: Values): Coordinates | string {
  const longitude = parseCoordinate(row.Longitude ?? '', 'longitude', LatLonFormat);
  const latitude = parseCoordinate(row.Latitude ?? '', 'latitude', LatLonFormat);
  if (longitude !== undefined && latitude !== undefined) return { longitude, latitude };
  const [name, limit] = longitude === undefined ? (['Longitude', 180] as const) : (['Latitude', 90] as const);
  const given = JSON.stringify(row[name] ?? '');
  return `${name}: ${given} is not allowed; use degrees from -${limit} to ${limit} in the format ${LatLonFormat}`;
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
    Distance: (result.distanceMeters / fromUnit(1, values.DistanceUnits)).toFixed(1),
    PercentGeocode: result.percent.toFixed(1),
    // Several equally near addresses: each is as likely as the next.
    Confidence: String(Math.floor(100 / count)),
    ...listGroups(result, code, values),
  };
}

/** Fields of the groups asked for. */
function listGroups(
  { range, houseNumber }: ReverseResult,
  code: PostalCodeRecord | undefined,
  values: Values,
): OutputRow {
  const wanted = values.OutputRecordType.toUpperCase();
  const number = {
    HouseNumberHigh: String(range?.high ?? houseNumber),
    HouseNumberLow: String(range?.low ?? houseNumber),
    HouseNumberParity: range?.parity ?? '',
  };
  return {
    ...(wanted.includes('CENSUS') && toCensus(code)),
    ...(wanted.includes('SEGMENT') && toSegment(range)),
    ...(wanted.includes('RANGE') && number),
  };
}

const empty: Readonly<Record<string, string>> = {
  ...Object.fromEntries(standardFields.map(({ name }) => [name, ''])),
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
