import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type AddressBuildOutcome, buildAddresses } from '../build-addresses.ts';
import { BuildProgress, type StepProgress } from '../build-progress.ts';
import { fetchSources } from '../copying/source-fetch.ts';
import type { Source } from '../source.ts';
import { openAddressFile } from '../sources/address-files.ts';
import { parseColumnMap } from '../sources/column-map.ts';
import { geonamesFile, geonamesPostal, isGeonamesFile } from '../sources/geonames-postal.ts';
import { zctaCentroids } from '../sources/zcta-centroids.ts';
import { UsageError } from '../usage-error.ts';
import {
  type Flags,
  flag,
  readBuiltAt,
  readDatabaseName,
  readProgressForm,
  readRequired,
  readVintageName,
  text,
} from './flags.ts';

export const buildFlags = {
  name: text,
  vintage: text,
  out: text,
  map: text,
  city: text,
  state: text,
  'source-version': text,
  licence: text,
  attribution: text,
  'nearest-postal-code': flag,
  'built-at': text,
  threads: text,
  progress: text,
} as const;

/** Each holds some hundred megabytes at most. */
const mostThreads = 4;

/** Builds a vintage from files; refuses one that is there already. */
export async function runBuild(flags: Flags<typeof buildFlags>, given: readonly string[]): Promise<void> {
  const { paths, remove } = await fetchSources(given);
  await buildFrom(flags, paths).finally(remove);
}

async function buildFrom(flags: Flags<typeof buildFlags>, paths: readonly string[]): Promise<void> {
  const database = readDatabaseName(readRequired(flags, 'name', 'give the name of the database'));
  const vintage = readVintageName(readRequired(flags, 'vintage', 'give the name of the vintage, such as 2026q3'));
  const out = resolve(readRequired(flags, 'out', 'give the folder that holds the databases'));
  const form = readProgressForm(flags.progress);
  const builtAt = readBuiltAt(flags['built-at']);
  const threads = readThreads(flags.threads);
  if (paths.length === 0) throw new UsageError('no source is given; name at least one file');
  const folder = join(out, database, vintage);
  if (existsSync(folder)) throw new UsageError(`${folder} is there already; a vintage is never changed, name another`);
  const { postalSources, sources } = await openSources(flags, paths);
  const usesNearestPostalCode = flags['nearest-postal-code'] ?? false;
  const build = {
    folder,
    database,
    vintage,
    builtAt,
    postalSources,
    sources,
    usesNearestPostalCode,
    threads,
    program: __filename,
  };
  const progress = new BuildProgress((step) => print(form === 'json' ? JSON.stringify(step) : describeStep(step)));
  const outcome = await buildAddresses(build, progress);
  const { counts } = outcome.manifest;
  const { rejects, rejectsPath, folded } = outcome;
  if (form === 'json')
    print(JSON.stringify({ step: 'done', folder, database, vintage, counts, rejects, rejectsPath, folded }));
  else print(describeOutcome(folder, outcome));
}

/** As many as there are processors, within the memory that a build may take; none works on the main thread alone. */
function readThreads(given = String(Math.min(mostThreads, availableParallelism()))): number {
  if (/^\d$/.test(given) && Number(given) <= mostThreads) return Number(given);
  throw new UsageError(`--threads: "${given}" is not allowed; use 0 to ${mostThreads}`);
}

async function openSources(flags: Flags<typeof buildFlags>, paths: readonly string[]) {
  const version = flags['source-version'] ?? 'not stated';
  const notes = {
    map: flags.map === undefined ? undefined : parseColumnMap(flags.map),
    version,
    fallback: { city: flags.city ?? '', state: flags.state ?? '' },
    licence: flags.licence ?? 'not stated',
    attribution: flags.attribution ?? '',
  };
  const postalSources: Source[] = [];
  const sources = [];
  for (const path of paths.map((given) => resolve(given))) {
    if (existsSync(path) && (await isGeonamesFile(path))) postalSources.push(geonamesFile(path, version));
    else sources.push(await openAddressFile(path, notes));
  }
  // Without ZIP Codes no address can be placed; the installed table fills what no given file says.
  const installed = (name: string): string => require.resolve(name);
  return { postalSources: [...postalSources, geonamesPostal(installed), zctaCentroids(installed)], sources };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function describeStep({ step, records, recordsPerSecond, share, secondsLeft, state }: StepProgress): string {
  if (state === 'kept') return `${step}: ${records} records were read before`;
  const rate = `${records} records, ${recordsPerSecond}/s`;
  return state === 'done'
    ? `${step}: ${rate}`
    : `${step}: ${Math.floor(100 * share)} %, ${rate}, ${secondsLeft} s left`;
}

function describeOutcome(folder: string, { manifest, rejects, rejectsPath, folded }: AddressBuildOutcome): string {
  const { postalCodes, streets, points, ranges } = manifest.counts;
  return [
    `${folder} is built: ${postalCodes} ZIP Codes, ${streets} streets, ${points} points, ${ranges} ranges; ${folded} records said what another had said`,
    ...Object.entries(rejects).map(([reason, count]) => `left out ${count}: ${reason}`),
    `every record left out: ${rejectsPath}`,
  ].join('\n');
}
