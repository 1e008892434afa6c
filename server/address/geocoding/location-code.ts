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
  postalCode: 'ZC5X',
  city: 'GM',
  county: 'GC',
  state: 'GS',
  none: 'E',
} as const;

export type LocationKind = keyof typeof locationCodes;
