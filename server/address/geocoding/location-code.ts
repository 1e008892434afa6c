/** How a coordinate was found (geocoding reference 1.5), best first. */
export const locationCodes = {
  /** Point data. The sources do not tell rooftops from parcel centres, so the modest reading. */
  point: 'AP02',
  /** Between two points of the street. */
  interpolatedPoint: 'AP24',
  /** On a segment by number, its side known. */
  segment: 'AS0',
  /** A middle of the street, found within its ZIP Code; census geography unclassified. */
  street: 'CZ',
  intersection: 'AX3',
  /** All addresses of a ZIP+4. */
  addOn: 'ZC9X',
  postalCode: 'ZC5X',
  city: 'GM',
  county: 'GC',
  state: 'GS',
  none: 'E',
} as const;

export type LocationKind = keyof typeof locationCodes;

/**
 * Confidence of an area: the weights of the elements that it confirms (addressing reference 1.13), country 10, city 10,
 * state 15, ZIP Code 15, street with directionals and suffix 30; an intersection lacks the house number alone.
 */
const areaConfidence = {
  intersection: 85,
  interpolatedPoint: 80,
  street: 80,
  addOn: 60,
  postalCode: 50,
  city: 35,
  county: 25,
  state: 25,
} as const;

export function measureAreaConfidence(location: keyof typeof areaConfidence): number {
  return areaConfidence[location];
}
