import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import type { AddressSource, SourcePiece } from '../address-source.ts';
import { listZipEntries } from '../reading/zip-archive.ts';
import { type Fallback, noFallback } from './address-standard.ts';
import type { ColumnMap } from './column-map.ts';
import { cutDelimitedPoints } from './delimited-points.ts';
import { cutGeoJsonPoints } from './geojson-points.ts';

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
  readonly linesBefore: number;
  cut(path: string, sizeBytes: number, notes: SourceNotes): AsyncIterable<SourcePiece>;
}

/** Formats by the ending of the file, or of the one such file within an archive. */
const formats: readonly Format[] = [
  { endings: ['.shp'], linesBefore: 0, cut: (path, sizeBytes) => wholeRanges(path, sizeBytes) },
  {
    endings: ['.geojson', '.geojsonl', '.json', '.ndjson'],
    linesBefore: 0,
    cut: (path, _, { fallback }) => cutGeoJsonPoints(path, fallback),
  },
  {
    endings: ['.csv', '.txt', '.tsv', '.psv'],
    linesBefore: 1,
    cut: (path, _, { map, fallback }) => cutDelimitedPoints(path, map, fallback),
  },
];

async function* wholeRanges(path: string, sizeBytes: number): AsyncGenerator<SourcePiece> {
  yield { work: { kind: 'ranges', fallback: noFallback, path }, bytesRead: sizeBytes };
}

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
    linesBefore: format.linesBefore,
    pieces: () => format.cut(path, sizeBytes, notes),
  };
}

async function findFormat(path: string): Promise<Format | undefined> {
  const name = path.toLowerCase();
  const isOf = (text: string) => (format: Format) => format.endings.some((ending) => text.endsWith(ending));
  if (!name.endsWith('.zip')) return formats.find(isOf(name.replace(/\.gz$/, '')));
  const names = (await listZipEntries(path)).map((entry) => entry.name.toLowerCase());
  return formats.find((format) => names.some((entry) => isOf(entry)(format)));
}
