import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { buildFrom } from './built-database.ts';
import { readCsv } from './csv-rows.ts';
import { dataFolder } from './geocoding-brute-force.ts';

/**
 * The address pool as a database. A row without coordinates gets those of its ZIP Code, because the builder takes no
 * point without a place and validation does not look at it.
 */
export async function buildPoolDatabase(
  pool: readonly Readonly<Record<string, string>>[],
): Promise<{ readonly database: AddressDatabase; close(): Promise<void> }> {
  const centroids = readCsv(join(dataFolder, 'zip-reference/zcta_centroids_2021.csv.gz'));
  const byCode = new Map(centroids.map(({ zcta = '', lat = '', lon = '' }) => [zcta, { lat, lon }]));
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-pool-'));
  const file = join(folder, 'pool.csv');
  const columns = ['line1', 'line2', 'city', 'state', 'zip'] as const;
  const lines = pool.map((row) => {
    const given = row.lat ? row : byCode.get((row.zip ?? '').slice(0, 5));
    return [...columns.map((name) => row[name] ?? ''), given?.lat ?? '', given?.lon ?? ''].map(quote).join(',');
  });
  writeFileSync(file, [[...columns, 'lat', 'lon'].join(','), ...lines].join('\n'));
  const map = 'address=line1,unit=line2,city=city,state=state,postalCode=zip,longitude=lon,latitude=lat';
  const built = await buildFrom(['--map', map], file);
  rmSync(folder, { recursive: true, force: true });
  return built;
}

function quote(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
