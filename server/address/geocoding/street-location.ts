import {
  type AddressDatabase,
  type Coordinates,
  distanceMeters,
  type StreetRecord,
  type StreetView,
} from '../../reference-data/index.ts';
import type { LastLine } from '../parsing/last-line.ts';
import type { StreetLine } from '../parsing/street-line.ts';
import { isSameStreet } from '../validation/street-difference.ts';
import { interpolateBetweenPoints, midpoint } from './interpolation.ts';

/** A place on a street of which the house number is not in the data. */
export interface StreetLocation {
  readonly street: StreetRecord;
  readonly coordinates: Coordinates;
}

/** Without a ZIP Code the street is looked for in so many ZIP Codes of the city. */
const citySearchLimit = 40;

/** The place between the nearest lower and higher house number of the same parity; undefined without both. */
export function findInterpolatedPoint(
  database: AddressDatabase,
  view: StreetView,
  line: StreetLine,
  lastLine: LastLine,
): StreetLocation | undefined {
  const houseNumber = Number.parseInt(line.houseNumber, 10);
  if (!(houseNumber >= 0)) return undefined;
  for (const street of listNamesakes(database, view, line, lastLine)) {
    const coordinates = interpolateBetweenPoints(view.pointsOf(street), houseNumber);
    if (coordinates) return { street, coordinates };
  }
  return undefined;
}

/**
 * The address or segment middle of the street that is nearest to the mean of all, so that it lies on the street; undefined
 * unless exactly one street of the area has this name.
 */
export function findStreetCentroid(
  database: AddressDatabase,
  view: StreetView,
  line: StreetLine,
  lastLine: LastLine,
): StreetLocation | undefined {
  const [street, other] = listNamesakes(database, view, line, lastLine);
  if (!street || other) return undefined;
  const places = [
    ...view.pointsOf(street).map(({ coordinates }) => coordinates),
    ...view.rangesOf(street).map((range) => midpoint(range).coordinates),
  ];
  const mean = {
    longitude: places.reduce((sum, { longitude }) => sum + longitude, 0) / places.length,
    latitude: places.reduce((sum, { latitude }) => sum + latitude, 0) / places.length,
  };
  const [nearest] = places.sort((a, b) => distanceMeters(mean, a) - distanceMeters(mean, b));
  return nearest && { street, coordinates: nearest };
}

function listNamesakes(
  database: AddressDatabase,
  view: StreetView,
  line: StreetLine,
  { postalCode, city, stateProvince }: LastLine,
): readonly StreetRecord[] {
  const codes =
    postalCode === ''
      ? database
          .listPostalCodesOfCity(city, stateProvince)
          .slice(0, citySearchLimit)
          .map(({ code }) => code)
      : [postalCode];
  return codes.flatMap((code) => view.streetsNamed(code, line.name).filter((street) => isSameStreet(line, street)));
}
