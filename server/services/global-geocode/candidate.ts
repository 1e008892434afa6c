import {
  applyCasing,
  type ForeignCentroid,
  formatAddressKey,
  formatCoordinate,
  formatCountryName,
  formatMatchCode,
  formatPrecisionCode,
  formatStreet,
  type GeocodedAddress,
  type GeocodeResult,
  type Intersection,
  listChangedParts,
  locationCodes,
  matchErrors,
  measureAreaConfidence,
  measureConfidence,
  type ParsedAddress,
  plainMatchCodes,
  standardizeMatch,
} from '../../address/index.ts';
import type { Coordinates, StreetRecord } from '../../reference-data/index.ts';
import type { OutputRow } from '../definition.ts';

/** Geocoding reference section 3, table of precision levels. */
const precisionLevels = {
  point: '16',
  interpolatedPoint: '17',
  segment: '1',
  street: '2',
  addOn: '5',
  postalCode: '3',
  city: '10',
  county: '9',
  state: '8',
} as const;

const areaCodes = {
  addOn: 'Z3',
  interpolatedPoint: 'S7',
  street: 'S4',
  postalCode: 'Z1',
  city: 'G3',
  county: 'G2',
  state: 'G1',
};

const coordinateSystem = 'EPSG:4326';

export function toPosition(coordinates: Coordinates): OutputRow {
  return {
    X: formatCoordinate(coordinates, 'longitude', 'Decimal'),
    Y: formatCoordinate(coordinates, 'latitude', 'Decimal'),
    CoordinateSystemName: coordinateSystem,
  };
}

/** Matched address. */
export function presentMatch({ match, location, coordinates }: GeocodedAddress, address: ParsedAddress): OutputRow {
  const standard = standardizeMatch(match);
  const changed = listChangedParts(match, address.lastLine);
  const mixed = (text: string) => applyCasing(text, 'M');
  const { secondaryLine, primaryLine, addOn } = standard;
  const line = mixed(secondaryLine === '' ? primaryLine : `${primaryLine} ${secondaryLine}`);
  const isNumber = match.houseNumber === match.line.houseNumber;
  const isDirectional = !changed.predirectional && !changed.postdirectional;
  const place = {
    city: mixed(standard.city),
    state: standard.stateProvince,
    county: mixed(match.postalCode.countyName),
    code: standard.postalCode,
    addOn,
  };
  const lastLine = formatPlace(place);
  // One literal of fixed shape: rows put together from pieces cost more than finding the address.
  return {
    X: formatCoordinate(coordinates, 'longitude', 'Decimal'),
    Y: formatCoordinate(coordinates, 'latitude', 'Decimal'),
    CoordinateSystemName: coordinateSystem,
    FormattedStreetAddress: line,
    FormattedLocationAddress: lastLine,
    MainAddressLine: line,
    AddressLastLine: lastLine,
    AreaName1: filled(place.state),
    AreaName2: filled(place.county),
    AreaName3: filled(place.city),
    PostCode1: filled(place.code),
    PostCode2: filled(addOn),
    Country: 'USA',
    AddressNumber: filled(standard.houseNumber),
    StreetName: filled(mixed(standard.streetName)),
    UnitType: filled(mixed(standard.unitDesignator)),
    UnitValue: filled(standard.unitNumber),
    FeatureID: keyOf(match),
    PrecisionLevel: precisionLevels[location],
    PrecisionCode: formatPrecisionCode(location === 'point' ? 'S8' : 'S5', changed, isNumber),
    LocationCode: locationCodes[location],
    MatchCode: formatMatchCode(changed, match.street.alias !== undefined),
    Confidence: String(measureConfidence(match)),
    TotalPossibleCandidates: undefined,
    MatchOnAddressNumber: String(isNumber),
    MatchOnPostCode1: String(!changed.postalCode),
    MatchOnPostCode2: String(!changed.addOn && addOn !== ''),
    MatchOnAreaName1: String(!changed.stateProvince),
    MatchOnAreaName3: String(!changed.city),
    MatchOnAllStreetFields: String(isDirectional && !changed.name && !changed.suffix),
    MatchOnStreetName: String(!changed.name),
    MatchOnStreetType: String(!changed.suffix),
    MatchOnStreetDirectional: String(isDirectional),
  };
}

/** Boxes and routes have none: they are no places. */
function keyOf({ street, houseNumber, point, unit, reading }: GeocodedAddress['match']): string | undefined {
  if (reading.delivery.service !== undefined) return undefined;
  const { unitDesignator, unitNumber } = unit === 'matched' && point ? point : noUnit;
  return formatAddressKey({ street, houseNumber, unitDesignator, unitNumber });
}

const noUnit = { unitDesignator: '', unitNumber: '' };

/** Street, postal code, city, county or state instead of the address. */
export function presentArea(result: Extract<GeocodeResult, { kind: 'area' }>): OutputRow {
  const { postalCode, street, location, lastLine, coordinates, error } = result;
  const mixed = (text: string) => applyCasing(text, 'M');
  const isCode = location === 'postalCode' || location === 'addOn' || street !== undefined;
  const place = {
    city: mixed(lastLine.city || (postalCode?.cities[0]?.name ?? '')),
    state: postalCode?.stateProvince ?? lastLine.stateProvince,
    county: mixed(postalCode?.countyName ?? ''),
    code: isCode ? (postalCode?.code ?? '') : '',
    addOn: '',
  };
  return {
    ...toPosition(coordinates),
    ...toPlace(place),
    StreetName: filled(mixed(street?.name ?? '')),
    PrecisionLevel: precisionLevels[location],
    PrecisionCode: areaCodes[location],
    LocationCode: locationCodes[location],
    MatchCode: error ? matchErrors[error].code : plainMatchCodes.postalCodeOnly,
    Confidence: String(measureAreaConfidence(location)),
  };
}

/** Where two streets meet. */
export function presentIntersection({ street, crossStreet, postalCode, coordinates }: Intersection): OutputRow {
  const mixed = (text: string) => applyCasing(text, 'M');
  const write = (one: StreetRecord) =>
    formatStreet({ ...one, houseNumber: '', unitDesignator: '', unitNumber: '', outerUnit: '' });
  const line = mixed(`${write(street)} & ${write(crossStreet)}`);
  const place = {
    city: mixed(street.city || (postalCode.cities[0]?.name ?? '')),
    state: postalCode.stateProvince,
    county: mixed(postalCode.countyName),
    code: postalCode.code,
    addOn: '',
  };
  return {
    ...toPosition(coordinates),
    ...toPlace(place),
    FormattedStreetAddress: line,
    MainAddressLine: line,
    StreetName: mixed(street.name),
    PrecisionLevel: '6',
    PrecisionCode: 'SX',
    LocationCode: locationCodes.intersection,
    Confidence: String(measureAreaConfidence('intersection')),
  };
}

/** Postal code or city of another country. */
export function presentForeign({ kind, country, place, postalCode, coordinates }: ForeignCentroid): OutputRow {
  const lastLine = [place.city, place.regionCode, postalCode].filter((part) => part !== '').join(' ');
  return {
    ...toPosition(coordinates),
    FormattedLocationAddress: lastLine,
    AddressLastLine: lastLine,
    AreaName1: filled(place.region),
    AreaName3: filled(place.city),
    PostCode1: filled(postalCode),
    Country: formatCountryName(country, 'U'),
    PrecisionLevel: precisionLevels[kind],
    PrecisionCode: areaCodes[kind],
    LocationCode: locationCodes[kind],
    Confidence: String(measureAreaConfidence(kind)),
  };
}

interface Place {
  readonly city: string;
  readonly state: string;
  readonly county: string;
  readonly code: string;
  readonly addOn: string;
}

function formatPlace({ city, state, code, addOn }: Place): string {
  const area = city !== '' && state !== '' ? `${city}, ${state}` : city + state;
  return `${area}  ${addOn === '' ? code : `${code}-${addOn}`}`.trim();
}

/** City line and areas of a place in the United States. */
export function toPlace(place: Place): OutputRow {
  const { city, state, county, code, addOn } = place;
  const lastLine = formatPlace(place);
  return {
    FormattedLocationAddress: lastLine,
    AddressLastLine: lastLine,
    AreaName1: filled(state),
    AreaName2: filled(county),
    AreaName3: filled(city),
    PostCode1: filled(code),
    PostCode2: filled(addOn),
    Country: 'USA',
  };
}

export function filled(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** The row of a record that no candidate answers. */
export function toFailure(description: string): OutputRow {
  return {
    TotalPossibleCandidates: '0',
    Confidence: '0',
    Status: 'F',
    'Status.Code': 'Failure',
    'Status.Description': description,
  };
}
