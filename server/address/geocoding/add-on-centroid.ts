import type { Coordinates, StreetView } from '../../reference-data/index.ts';
import { midpoint } from './interpolation.ts';

/** The middle of all points and segments of a ZIP+4; undefined where none of them is loaded. */
export function findAddOnCentroid(view: StreetView, postalCode: string, addOn: string): Coordinates | undefined {
  let [longitude, latitude, count] = [0, 0, 0];
  const add = (place: Coordinates): void => {
    longitude += place.longitude;
    latitude += place.latitude;
    count += 1;
  };
  for (const street of view.streetsOf(postalCode)) {
    // Its base street has the same.
    if (street.alias) continue;
    for (const point of view.pointsOf(street)) if (point.addOn === addOn) add(point.coordinates);
    for (const range of view.rangesOf(street)) if (range.addOn === addOn) add(midpoint(range).coordinates);
  }
  return count === 0 ? undefined : { longitude: longitude / count, latitude: latitude / count };
}
