import type { Coordinates } from '../reference-data/index.ts';
import type { PostalCodes } from './postal-codes.ts';
import type { FindPostalCode } from './runs/read-source.ts';

interface Centroid extends Coordinates {
  readonly code: string;
}

/** For points without ZIP Code: none, so that they are left out. */
export const noPostalCode: FindPostalCode = () => undefined;

/** For points without ZIP Code: the one of their state whose centroid is nearest. An estimate, so it is asked for. */
export function nearestPostalCode(postalCodes: PostalCodes): FindPostalCode {
  const byState = new Map<string, Centroid[]>();
  for (const { code, stateProvince, centroid } of postalCodes.list()) {
    if (!centroid) continue;
    const centroids = byState.get(stateProvince) ?? [];
    centroids.push({ code, ...centroid });
    byState.set(stateProvince, centroids);
  }
  return ({ stateProvince, point: { coordinates } }) => {
    const eastScale = Math.cos((coordinates.latitude * Math.PI) / 180);
    let nearest: { code: string; squared: number } | undefined;
    for (const { code, longitude, latitude } of byState.get(stateProvince) ?? []) {
      const squared = (eastScale * (longitude - coordinates.longitude)) ** 2 + (latitude - coordinates.latitude) ** 2;
      if (!nearest || squared < nearest.squared) nearest = { code, squared };
    }
    return nearest?.code;
  };
}
