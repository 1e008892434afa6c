import { createHash } from 'node:crypto';
import type { Source } from './source.ts';
import { geonamesPostal } from './sources/geonames-postal.ts';
import type { ResolvePackage } from './sources/packages.ts';
import { rradPoints } from './sources/rrad-points.ts';
import { zctaCentroids } from './sources/zcta-centroids.ts';

export const starterDatabase = 'starter';

/** Raised when the same sources give another vintage: other merging rules, another standardisation, another layout. */
const edition = 2;

/** What the starter database is made of; earlier sources win. */
export function starterSources(resolve: ResolvePackage): readonly Source[] {
  return [geonamesPostal(resolve), zctaCentroids(resolve), rradPoints(resolve)];
}

/** A name that changes with the sources and the edition, such as `e2-4f2a9c07`. */
export function starterVintage(sources: readonly Source[]): string {
  const versions = sources.map(({ manifest }) => `${manifest.name} ${manifest.version}`).join('\n');
  return `e${edition}-${createHash('sha256').update(versions).digest('hex').slice(0, 8)}`;
}
