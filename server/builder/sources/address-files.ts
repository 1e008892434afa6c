import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import type { AddressBatch, AddressSource } from '../address-fact.ts';
import { listZipEntries } from '../reading/zip-archive.ts';
import type { Fallback } from './address-standard.ts';
import type { ColumnMap } from './column-map.ts';
import { readDelimitedPoints } from './delimited-points.ts';
import { readGeoJsonPoints } from './geojson-points.ts';
import { readTigerRanges } from './tiger-ranges.ts';

/** What the command line says of all its sources. */
export interface SourceNotes {
  readonly map: ColumnMap | undefined;
  /** City and state of records that name none. */
  readonly fallback: Fallback;
  readonly version: string;
  readonly licence: string;
  readonly attribution: string;
}

interface Format {
  readonly endings: readonly string[];
  read(path: string, sizeBytes: number, notes: SourceNotes): AsyncIterable<AddressBatch>;
}

/** Formats by the ending of the file, or of the one such file within an archive. */
const formats: readonly Format[] = [
  { endings: ['.shp'], read: (path, sizeBytes) => readTigerRanges(path, sizeBytes) },
  {
    endings: ['.geojson', '.geojsonl', '.json', '.ndjson'],
    read: (path, _, { fallback }) => readGeoJsonPoints(path, fallback),
  },
  {
    endings: ['.csv', '.txt', '.tsv', '.psv'],
    read: (path, _, { map, fallback }) => readDelimitedPoints(path, map, fallback),
  },
];

/** The source a file is; throws `INVALID_SETTING` when it is missing or of no known format. */
export async function openAddressFile(path: string, notes: SourceNotes): Promise<AddressSource> {
  if (!existsSync(path)) throw new SpectrumError('INVALID_SETTING', `${path} does not exist`, { path });
  const format = await findFormat(path);
  if (!format) {
    const known = formats.flatMap(({ endings }) => endings).join(', ');
    throw new SpectrumError('INVALID_SETTING', `${path} is of no known format; use ${known}, plain, .gz or .zip`, {
      path,
    });
  }
  const { size: sizeBytes, mtime } = statSync(path);
  const { version, licence, attribution, map, fallback } = notes;
  return {
    path,
    sizeBytes,
    fingerprint: JSON.stringify([path, sizeBytes, mtime, map, fallback]),
    manifest: { name: basename(path), version, licence, attribution },
    read: () => format.read(path, sizeBytes, notes),
  };
}

async function findFormat(path: string): Promise<Format | undefined> {
  const name = path.toLowerCase();
  const isOf = (text: string) => (format: Format) => format.endings.some((ending) => text.endsWith(ending));
  if (!name.endsWith('.zip')) return formats.find(isOf(name.replace(/\.gz$/, '')));
  const names = (await listZipEntries(path)).map((entry) => entry.name.toLowerCase());
  return formats.find((format) => names.some((entry) => isOf(entry)(format)));
}
