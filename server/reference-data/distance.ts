import type { Coordinates } from './records.ts';

const earthRadiusMeters = 6_371_008.8;
const radians = Math.PI / 180;

/** Meters per degree of latitude on the sphere that `distanceMeters` uses. */
export const metersPerDegree = earthRadiusMeters * radians;

/** Great-circle distance on a sphere of the mean Earth radius (IUGG R1). */
export function distanceMeters(from: Coordinates, to: Coordinates): number {
  const latitudeStep = Math.sin(((to.latitude - from.latitude) * radians) / 2);
  const longitudeStep = Math.sin(((to.longitude - from.longitude) * radians) / 2);
  const cosines = Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians);
  const chord = latitudeStep * latitudeStep + cosines * longitudeStep * longitudeStep;
  return 2 * earthRadiusMeters * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Distance to the nearest point of a polyline, taking the ground as flat around `place` (right to 0.1 % within 10 km). */
export function distanceToShapeMeters(place: Coordinates, shape: readonly Coordinates[]): number {
  const eastScale = metersPerDegree * Math.cos(place.latitude * radians);
  let nearestSquared = Number.POSITIVE_INFINITY;
  let [fromX, fromY] = [0, 0];
  for (let index = 0; index < shape.length; index += 1) {
    const vertex = shape[index] ?? place;
    const x = (vertex.longitude - place.longitude) * eastScale;
    const y = (vertex.latitude - place.latitude) * metersPerDegree;
    // The first vertex is a line of no length.
    const startX = index === 0 ? x : fromX;
    const startY = index === 0 ? y : fromY;
    const dx = x - startX;
    const dy = y - startY;
    const lengthSquared = dx * dx + dy * dy;
    const along = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, -(startX * dx + startY * dy) / lengthSquared));
    const atX = startX + along * dx;
    const atY = startY + along * dy;
    nearestSquared = Math.min(nearestSquared, atX * atX + atY * atY);
    fromX = x;
    fromY = y;
  }
  return Math.sqrt(nearestSquared);
}
