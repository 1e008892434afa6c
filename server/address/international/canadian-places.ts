import type { ForeignPlace, ForeignPlaces } from '../../reference-data/index.ts';

/** Characters of a forward sortation area. */
const areaLength = 3;

/** Places of a Canadian postal code; those of its forward sortation area where the whole code is not loaded. */
export function findCanadianPlaces(places: ForeignPlaces, code: string): readonly ForeignPlace[] {
  const whole = places.find('CA', code);
  return whole.length > 0 ? whole : places.find('CA', code.trim().slice(0, areaLength));
}
