import { type Coordinates, distanceMeters } from '../../reference-data/index.ts';

/** Meters in each unit (international yard and pound agreement of 1959). */
const metersIn = { Feet: 0.3048, Yards: 0.9144, Miles: 1609.344, Meters: 1, Kilometers: 1000 } as const;

export type DistanceUnit = keyof typeof metersIn;
export const distanceUnits = ['Feet', 'Yards', 'Miles', 'Meters', 'Kilometers'] as const satisfies DistanceUnit[];

/** The great-circle distance between two places. */
export function measureDistance(first: Coordinates, second: Coordinates, unit: DistanceUnit): number {
  return distanceMeters(first, second) / metersIn[unit];
}

/** A length of any unit in meters. */
export function fromUnit(length: number, unit: DistanceUnit): number {
  return length * metersIn[unit];
}
