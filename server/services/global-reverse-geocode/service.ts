import {
  applyCasing,
  distanceUnits,
  formatAddressKey,
  formatStreet,
  fromUnit,
  locationCodes,
  parseCoordinate,
  plainMatchCodes,
  type ReverseResult,
  reverseGeocode,
} from '../../address/index.ts';
import type { AddressDatabase, Coordinates } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import { filled, toFailure, toPlace, toPosition } from '../global-geocode/candidate.ts';
import { outputFields } from '../global-geocode/fields.ts';
import { decimal, integer, type OptionValues, oneOf, text } from '../options.ts';

/** Geocoding reference section 3, reverse. */
const options = {
  Dataset: text('Database resource to search in'),
  Distance: decimal(0, 5_280, 150, 'How far around the position is searched'),
  DistanceUnits: oneOf(distanceUnits, 'Unit of Distance', 'Meters'),
  MaxReturnedCandidates: integer(1, 100, 1, 'Most candidates to return'),
};

type Values = OptionValues<typeof options>;

export const globalReverseGeocode = defineService({
  name: 'GlobalReverseGeocode',
  module: 'geocoding',
  description: 'Finds the address nearest to a position',
  input: {
    port: 'input_port',
    row: 'Location',
    fields: [
      { name: 'X', description: 'Longitude, degrees east' },
      { name: 'Y', description: 'Latitude, degrees north' },
      { name: 'Country', description: 'Accepted: the data tells the country' },
    ],
  },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run(rows, values, context) {
    const database = context.database(values.Dataset, 'Dataset');
    const settings = {
      searchMeters: fromUnit(values.Distance, values.DistanceUnits),
      interpolation: { squeezeMeters: 0, offsetMeters: 0, numbering: database.manifest.numbering },
    };
    const places = rows.map(readPlace);
    const found = database.read((view) => places.map((place) => place && reverseGeocode(view, place, settings)));
    const present = (lists: readonly (readonly ReverseResult[] | undefined)[]) =>
      lists.map((list) => presentList(list, database, values));
    return found instanceof Promise ? found.then(present) : present(found);
  },
});

function readPlace({ X = '', Y = '' }: InputRow): Coordinates | undefined {
  const longitude = parseCoordinate(X, 'longitude', 'Decimal');
  const latitude = parseCoordinate(Y, 'latitude', 'Decimal');
  return longitude === undefined || latitude === undefined ? undefined : { longitude, latitude };
}

function presentList(
  list: readonly ReverseResult[] | undefined,
  database: AddressDatabase,
  values: Values,
): readonly OutputRow[] {
  if (list === undefined) return [toFailure('X and Y must be degrees, such as -73.703051 and 42.682859')];
  if (list.length === 0) return [toFailure(`Nothing was found within ${values.Distance} ${values.DistanceUnits}`)];
  const total = String(list.length);
  return list
    .slice(0, values.MaxReturnedCandidates)
    .map((result) => ({ ...presentResult(result, database, values), TotalPossibleCandidates: total }));
}

function presentResult(result: ReverseResult, database: AddressDatabase, values: Values): OutputRow {
  const { street, point, range, kind, houseNumber } = result;
  const mixed = (text: string) => applyCasing(text, 'M');
  const code = database.findPostalCode(street.postalCode);
  const [unitDesignator, unitNumber] = [point?.unitDesignator ?? '', point?.unitNumber ?? ''];
  const line = mixed(formatStreet({ ...street, houseNumber, unitDesignator, unitNumber, outerUnit: '' }));
  const place = {
    city: mixed(street.city || (code?.cities[0]?.name ?? '')),
    state: code?.stateProvince ?? '',
    county: mixed(code?.countyName ?? ''),
    code: street.postalCode,
    addOn: point?.addOn || range?.addOn || '',
  };
  return {
    ...toPosition(result.coordinates),
    ...toPlace(place),
    FormattedStreetAddress: line,
    MainAddressLine: line,
    AddressNumber: houseNumber,
    StreetName: mixed(street.name),
    UnitType: filled(mixed(unitDesignator)),
    UnitValue: filled(unitNumber),
    FeatureID: formatAddressKey({ street, houseNumber, unitDesignator, unitNumber }),
    PrecisionLevel: kind === 'point' ? '16' : '1',
    PrecisionCode: kind === 'point' ? 'R8' : 'R5',
    LocationCode: locationCodes[kind],
    MatchCode: plainMatchCodes.reverse,
    Confidence: '100',
    Distance: (result.distanceMeters / fromUnit(1, values.DistanceUnits)).toFixed(1),
  };
}
