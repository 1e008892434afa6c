import {
  type GeocodedAddress,
  type GeocodeResult,
  listChangedParts,
  type ParsedAddress,
  parseCoordinate,
  preferReading,
  reverseGeocode,
} from '../../address/index.ts';
import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import type { InputRow } from '../definition.ts';
import type { OptionValues } from '../options.ts';
import type { options } from './options.ts';

type Values = OptionValues<typeof options>;

/** The address as the options want it read. */
export function prepare(address: ParsedAddress, values: Values, database: AddressDatabase): ParsedAddress {
  const preferred = preferReading(address, values.AddressPreference);
  const { readings, lastLine } = preferred;
  const isCityLeftOut = values.PreferZipCodeOverCity && database.findPostalCode(lastLine.postalCode) !== undefined;
  return isCityLeftOut ? { readings, lastLine: { ...lastLine, city: '' } } : preferred;
}

/** A mile: the next street is hardly ever farther from where people live. */
const predictionMeters = 1_609;

/** A missing last line is the ZIP Code of the address nearest to the given position. */
export function predictLastLine(
  address: ParsedAddress,
  row: InputRow,
  { LatLonFormat }: Values,
  view: StreetView,
): ParsedAddress {
  const { lastLine, readings } = address;
  if (lastLine.postalCode !== '' || lastLine.city !== '') return address;
  const longitude = parseCoordinate(row.Longitude ?? '', 'longitude', LatLonFormat);
  const latitude = parseCoordinate(row.Latitude ?? '', 'latitude', LatLonFormat);
  if (longitude === undefined || latitude === undefined) return address;
  const interpolation = { squeezeMeters: 0, offsetMeters: 0, numbering: undefined };
  const [nearest] = reverseGeocode(view, { longitude, latitude }, { searchMeters: predictionMeters, interpolation });
  if (!nearest) return address;
  return { readings, lastLine: { ...lastLine, postalCode: nearest.street.postalCode } };
}

/** With MatchMode Custom, only matches that have the wanted elements as given. */
export function restrict(result: GeocodeResult, values: Values): GeocodeResult {
  if (values.MatchMode !== 'Custom') return result;
  if (result.kind === 'address') return isAllowed(result, values) ? result : { kind: 'none', error: 'noMatch' };
  if (result.kind !== 'multiple') return result;
  const results = result.results.filter((one) => isAllowed(one, values));
  const [only, other] = results;
  if (!only) return { kind: 'none', error: 'noMatch' };
  return other ? { kind: 'multiple', results } : only;
}

const nothingGiven = { city: '', stateProvince: '', postalCode: '', addOn: '' };

function isAllowed({ match }: GeocodedAddress, values: Values): boolean {
  const changed = listChangedParts(match, nothingGiven);
  const isStreetChanged = changed.name || changed.suffix || changed.predirectional || changed.postdirectional;
  const refusals = [
    values.MustMatchHouseNumber && match.houseNumber !== match.line.houseNumber,
    values.MustMatchStreet && isStreetChanged,
    values.MustMatchCity && changed.city,
    values.MustMatchStateProvince && changed.stateProvince,
    values.MustMatchPostalCode && changed.postalCode,
  ];
  return !refusals.includes(true);
}
