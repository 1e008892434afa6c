import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import type { ManifestSource } from '../../reference-data/index.ts';
import type { AddressSource, SourcePiece } from '../address-source.ts';
import { assertDegrees } from '../reading/coordinate-system.ts';
import { listZipEntries } from '../reading/zip-archive.ts';
import { type Fallback, noFallback } from './address-standard.ts';
import type { ColumnMap } from './column-map.ts';
import { cutDelimitedPoints } from './delimited-points.ts';
import { cutGeoJsonPoints } from './geojson-points.ts';
import { listPlaceFiles } from './tiger-places.ts';

/** What the command line says of all its sources. */
export interface SourceNotes {
  readonly map: ColumnMap | undefined;
  /** City and state of records that name none. */
  readonly fallback: Fallback;
  readonly version: string;
  /** Of files that neither have notes of their own nor are of a format whose licence is known. */
  readonly licence: string;
  readonly attribution: string;
}

/** What the Census Bureau publishes is in the public domain (17 U.S.C. 105); it asks to be named. */
const census = {
  licence: 'Public domain (United States government work)',
  attribution: 'Address ranges: United States Census Bureau, TIGER/Line.',
};

interface Format {
  readonly endings: readonly string[];
  readonly linesBefore: number;
  readonly manifest?: Partial<ManifestSource>;
  cut(path: string, sizeBytes: number, notes: SourceNotes): AsyncIterable<SourcePiece>;
}

/** Formats by the ending of the file, or of the one such file within an archive. */
const formats: readonly Format[] = [
  { endings: ['.shp'], linesBefore: 0, manifest: census, cut: (path, sizeBytes) => wholeRanges(path, sizeBytes) },
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
  if (format.endings.includes('.shp')) await assertDegrees(path);
  const { size: sizeBytes, mtime } = statSync(path);
  const { version, licence, attribution, map, fallback } = notes;
  return {
    path,
    sizeBytes,
    fingerprint: JSON.stringify([path, sizeBytes, mtime, map, fallback, ...listPlaceFiles(path).map(describeFile)]),
    manifest: { name: basename(path), version, licence, attribution, ...format.manifest, ...readOwnNotes(path) },
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

function describeFile(path: string): readonly unknown[] {
  const { size, mtime } = statSync(path);
  return [path, size, mtime];
}

const noteNames = ['name', 'version', 'licence', 'attribution'] as const;

/** `<source>.json` beside a source; throws `INVALID_SETTING` when it says something else than notes may say. */
function readOwnNotes(path: string): Partial<ManifestSource> {
  const file = `${path}.json`;
  if (!existsSync(file)) return {};
  const notes = parseNotes(readFileSync(file, 'utf8'));
  const wrong = Object.entries(notes ?? { '': '' }).find(
    ([name, value]) => typeof value !== 'string' || !noteNames.some((known) => known === name),
  );
  if (notes && !wrong) return notes as Partial<ManifestSource>;
  const sentence = `${file}: ${wrong?.[0] ? `"${wrong[0]}"` : 'its content'} is not allowed; use an object with texts named ${noteNames.join(', ')}`;
  throw new SpectrumError('INVALID_SETTING', sentence, { file });
}

function parseNotes(text: string): object | undefined {
  try {
    const notes: unknown = JSON.parse(text);
    return typeof notes === 'object' && notes !== null && !Array.isArray(notes) ? notes : undefined;
  } catch {
    return undefined;
  }
}
