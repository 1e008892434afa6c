import {
  type ForeignSearch,
  findForeignCentroid,
  fromUnit,
  type GeocodeResult,
  type GeocodeSettings,
  geocodeAddress,
  isUnitedStates,
  matchErrors,
  type ParsedAddress,
  parseAddress,
} from '../../address/index.ts';
import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import { defineService, type InputRow, type OutputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import { presentArea, presentForeign, presentIntersection, presentMatch, toFailure } from './candidate.ts';
import { inputFields, outputFields } from './fields.ts';
import { options } from './options.ts';

type Values = OptionValues<typeof options>;

export const globalGeocode = defineService({
  name: 'GlobalGeocode',
  module: 'geocoding',
  description: 'Finds the position of an address; outside the United States of its postal code or city',
  input: { port: 'input_port', row: 'Address', fields: inputFields },
  output: { port: 'output_port', row: 'Address', fields: outputFields },
  options,
  emptyValues: 'omit',
  run(rows, values, context) {
    const database = context.database(values.Dataset, 'Dataset');
    const settings = toSettings(values, database);
    return database.read((view) => rows.map((row) => answer(row, values, settings, database, view)));
  },
});

function answer(
  row: InputRow,
  values: Values,
  settings: GeocodeSettings,
  database: AddressDatabase,
  view: StreetView,
): readonly OutputRow[] {
  const { Country = '' } = row;
  if (Country !== '' && !isUnitedStates(Country)) {
    const found = findForeignCentroid(database.foreignPlaces, toForeignSearch(row, Country, values));
    return [
      found
        ? { ...presentForeign(found), TotalPossibleCandidates: '1' }
        : toFailure('The place is not in the database'),
    ];
  }
  const address = toAddress(row, values, database);
  const result = geocodeAddress(database, view, address, settings);
  const candidates = listCandidates(result, address).filter((candidate) => isAllowed(candidate, values));
  const chosen = candidates.slice(0, values.MaxReturnedCandidates);
  if (chosen.length === 0) {
    return [toFailure(matchErrors[result.kind === 'none' ? result.error : 'noMatch'].description)];
  }
  for (const candidate of chosen) candidate.TotalPossibleCandidates = String(candidates.length);
  return chosen;
}

function toForeignSearch(row: InputRow, country: string, values: Values): ForeignSearch {
  const { MainAddressLine = '', AddressLastLine = '', AreaName1 = '', AreaName3 = '' } = row;
  const { PostCode1 = '', PostCode2 = '' } = row;
  // A whole address on one line: its parts stand between commas.
  const isOneLine = [AddressLastLine, AreaName1, AreaName3, PostCode1].every((text) => text.trim() === '');
  const parts = isOneLine ? MainAddressLine.split(',').filter((part) => part.trim() !== '') : [MainAddressLine];
  return {
    country,
    addressLines: parts,
    city: AreaName3.trim() || AddressLastLine || (isOneLine && parts.length === 1 ? MainAddressLine : ''),
    region: AreaName1,
    postalCode: `${PostCode1} ${PostCode2}`.trim(),
    usesPostalCode: values.Type === 'POSTAL' || (values.Type === 'ADDRESS' && values.FallbackToPostal),
    usesCity: values.Type === 'GEOGRAPHIC' || values.FallbackToGeographic,
  };
}

/** The address without what the kind of search leaves out. */
function toAddress(row: InputRow, { Type }: Values, database: AddressDatabase): ParsedAddress {
  const isCity = (city: string, state: string) => database.listPostalCodesOfCity(city, state).length > 0;
  const { AddressNumber = '', StreetName = '', UnitType = '', UnitValue = '', AddressLastLine = '' } = row;
  const parts = [AddressNumber, StreetName, UnitType, UnitValue].filter((part) => part.trim() !== '').join(' ');
  const { MainAddressLine = '', AreaName1 = '', AreaName3 = '', PostCode1 = '', PostCode2 = '' } = row;
  const code = PostCode2.trim() === '' ? PostCode1 : `${PostCode1}-${PostCode2}`;
  const lastLine =
    AddressLastLine.trim() === ''
      ? { city: AreaName3, stateProvince: AreaName1, postalCode: code }
      : { city: AddressLastLine, stateProvince: '', postalCode: '' };
  const line = MainAddressLine.trim() === '' ? parts : MainAddressLine;
  const address = parseAddress({ addressLines: [line], ...lastLine }, isCity);
  if (Type === 'ADDRESS') return address;
  const place = Type === 'POSTAL' ? address.lastLine : { ...address.lastLine, postalCode: '', addOn: '' };
  return { readings: [], lastLine: place };
}

function listCandidates(result: GeocodeResult, address: ParsedAddress): readonly OutputRow[] {
  switch (result.kind) {
    case 'address':
      return [presentMatch(result, address)];
    case 'multiple':
      return result.results.map((one) => presentMatch(one, address));
    case 'area':
      return [presentArea(result)];
    case 'intersection':
      return result.intersections.map(presentIntersection);
    case 'none':
      return [];
  }
}

const mustMatch = [
  'MatchOnAddressNumber',
  'MatchOnPostCode1',
  'MatchOnAreaName1',
  'MatchOnAreaName3',
  'MatchOnAllStreetFields',
  'MatchOnStreetName',
] as const;

function isAllowed(candidate: OutputRow, values: Values): boolean {
  return values.MatchMode !== 'CUSTOM' || mustMatch.every((name) => !values[name] || candidate[name] === 'true');
}

/** Strictness of names and directionals of each mode (addressing reference 1.3). */
const strictness = { STANDARD: 'M', EXACT: 'E', RELAXED: 'L', CUSTOM: 'M' } as const;

function toSettings(values: Values, { manifest }: AddressDatabase): GeocodeSettings {
  const level = strictness[values.MatchMode];
  return {
    match: { street: level, directional: level },
    interpolation: {
      squeezeMeters: fromUnit(values.CornerOffset, values.CornerOffsetUnits),
      offsetMeters: fromUnit(values.StreetOffset, values.StreetOffsetUnits),
      numbering: manifest.numbering,
    },
    interpolatesPoints: false,
    fallsBackToStreet: false,
    fallsBackToPostalCode: values.Type === 'POSTAL' || (values.Type === 'ADDRESS' && values.FallbackToPostal),
    fallsBackToGeographic: values.Type === 'GEOGRAPHIC' || values.FallbackToGeographic,
  };
}
