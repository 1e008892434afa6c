import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Manifest, type ManifestCounts, VintageWriter } from '../reference-data/index.ts';
import type { AddressSource } from './address-source.ts';
import { addSums, fitNumbering, noBreaks } from './block-numbering.ts';
import type { BuildProgress } from './build-progress.ts';
import { PostalCodes } from './postal-codes.ts';
import { RejectReport, rejectHeader } from './rejects.ts';
import { listWriteJobs } from './runs/list-write-jobs.ts';
import { readSource } from './runs/read-source.ts';
import { type FinishedSource, Workspace } from './runs/workspace.ts';
import type { Source } from './source.ts';
import { inOrder } from './work/in-order.ts';
import { sharePostalCodes } from './work/postal-lookup.ts';
import { type JobRunner, openJobRunner } from './work/work-pool.ts';
import type { WrittenCode } from './work/write-job.ts';

export interface AddressBuild {
  /** `<root>/<database>/<vintage>` */
  readonly folder: string;
  readonly database: string;
  readonly vintage: string;
  readonly builtAt: string;
  /** Read first, into memory; earlier ones win. */
  readonly postalSources: readonly Source[];
  readonly sources: readonly AddressSource[];
  /** Whether a point without ZIP Code takes the one whose centroid is nearest in its state. */
  readonly usesNearestPostalCode: boolean;
  /** Threads that read and encode beside this one, each running `program`; any number gives the same bytes. */
  readonly threads: number;
  readonly program: string;
}

export interface AddressBuildOutcome {
  readonly manifest: Manifest;
  /** File, line and reason of every record left out. */
  readonly rejectsPath: string;
  readonly rejects: Readonly<Record<string, number>>;
  /** Records that said what another had said. */
  readonly folded: number;
}

/**
 * Builds a vintage from files of any size in bounded memory: each source is read into run files by ZIP Code, then the
 * ZIP Codes are merged and written one by one. After a kill, sources that were read to their end are not read again.
 */
export async function buildAddresses(build: AddressBuild, progress: BuildProgress): Promise<AddressBuildOutcome> {
  const postalCodes = await readPostalCodes(build.postalSources);
  const space = await Workspace.open(build.folder, describePlan(build));
  const runner = openJobRunner(build.program, build.threads, sharePostalCodes(postalCodes.list()));
  try {
    const finished = await readSources(build, space, runner, progress);
    const writing = { postalCodes, runner, progress };
    const { aliasesLeftOut, ...written } = await writeVintage(build, space, finished, writing);
    const rejectsPath = `${build.folder}.rejects.csv`;
    await joinReports(rejectsPath, space, finished.length);
    await space.remove();
    const rejects = { ...sumRejects(finished), ...(aliasesLeftOut > 0 && { [uselessAlias]: aliasesLeftOut }) };
    return { ...written, rejectsPath, rejects };
  } catch (error) {
    await space.release();
    throw error;
  } finally {
    await runner.close();
  }
}

/** Known only when all sources are read, so that no line of a file is named. */
const uselessAlias = 'an alias of a street that is not there, or the name of another street';

async function readPostalCodes(sources: readonly Source[]): Promise<PostalCodes> {
  const postalCodes = new PostalCodes();
  for (const source of sources) {
    const { facts } = await source.read();
    for (const fact of facts) {
      if (fact.kind === 'postal-code') postalCodes.add(fact.postalCode);
      if (fact.kind === 'foreign-place') postalCodes.foreignPlaces.push(fact.place);
      if (fact.kind === 'centroid') postalCodes.addCentroid(fact);
    }
  }
  return postalCodes;
}

async function readSources(
  { sources, usesNearestPostalCode }: AddressBuild,
  space: Workspace,
  runner: JobRunner,
  progress: BuildProgress,
): Promise<readonly FinishedSource[]> {
  const finished: FinishedSource[] = [];
  for (const [index, source] of sources.entries()) {
    const known = await space.findFinished(index);
    if (known) {
      progress.keep(source.path, known.records);
      finished.push(known);
      continue;
    }
    const step = progress.begin(source.path, source.sizeBytes);
    const folder = space.sourceFolder(index);
    const read = await readSource(source, { folder, runner, usesNearestPostalCode, onProgress: step.report });
    await space.finish(index, read);
    step.end(read.records);
    finished.push(read);
  }
  return finished;
}

interface Writing {
  readonly postalCodes: PostalCodes;
  readonly runner: JobRunner;
  readonly progress: BuildProgress;
}

async function writeVintage(
  build: AddressBuild,
  space: Workspace,
  finished: readonly FinishedSource[],
  { postalCodes, runner, progress }: Writing,
): Promise<{ readonly manifest: Manifest; readonly folded: number; readonly aliasesLeftOut: number }> {
  const writer = await VintageWriter.create(build.folder);
  const placed = finished.map(({ slices }, index) => ({ folder: space.sourceFolder(index), slices }));
  const total = finished.reduce((sum, { records }) => sum + records, 0);
  const step = progress.begin('write', total);
  const counting = new Counting(postalCodes);
  try {
    const jobs = listWriteJobs(placed, postalCodes, runner);
    for await (const [, codes] of inOrder(jobs, runner.width + 1, (job) => runner.run(job))) {
      for (const written of codes) {
        if (written.streets > 0) await writer.addEncoded(written.code, written.encoded);
        postalCodes.setCities(written.code, written.cities);
        counting.add(written);
      }
      step.report(counting.records, counting.records);
    }
    step.end(counting.records);
    const sources = [...build.postalSources, ...build.sources].map(({ manifest }) => manifest);
    const { database, vintage, builtAt } = build;
    const numbering = fitNumbering(counting.breaks);
    const counts = counting.counts();
    const purpose = 'production' as const;
    const facts = { database, vintage, purpose, builtAt, sources, counts, ...(numbering && { numbering }) };
    const manifest = await writer.seal(postalCodes.list(), facts, postalCodes.foreignPlaces);
    return { manifest, folded: counting.folded, aliasesLeftOut: counting.aliasesLeftOut };
  } catch (error) {
    await writer.discard().catch(() => undefined);
    throw error;
  }
}

/** Counts what is written, by state. */
class Counting {
  readonly #pointsByState = new Map<string, number>();
  #streets = 0;
  #points = 0;
  #ranges = 0;
  #firms = 0;
  #urbanizations = 0;
  #aliases = 0;
  aliasesLeftOut = 0;
  records = 0;
  folded = 0;
  breaks = noBreaks;

  constructor(readonly postalCodes: PostalCodes) {}

  add(written: WrittenCode): void {
    const { code, streets, points, ranges, records, folded, breaks } = written;
    this.#firms += written.firms;
    this.#urbanizations += written.urbanizations;
    this.#aliases += written.aliases;
    this.aliasesLeftOut += written.aliasesLeftOut;
    const state = this.postalCodes.find(code)?.stateProvince ?? '';
    if (points > 0) this.#pointsByState.set(state, (this.#pointsByState.get(state) ?? 0) + points);
    this.#streets += streets;
    this.#points += points;
    this.#ranges += ranges;
    this.records += records;
    this.folded += folded;
    this.breaks = addSums(this.breaks, breaks);
  }

  counts(): ManifestCounts {
    const byState = [...this.#pointsByState].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      postalCodes: this.postalCodes.size,
      streets: this.#streets,
      points: this.#points,
      ranges: this.#ranges,
      ...(this.#firms > 0 && { firms: this.#firms }),
      ...(this.#urbanizations > 0 && { urbanizations: this.#urbanizations }),
      ...(this.#aliases > 0 && { streetAliases: this.#aliases }),
      pointsByState: Object.fromEntries(byState),
    };
  }
}

/** Everything on which the run files depend. */
function describePlan({ sources, postalSources, usesNearestPostalCode }: AddressBuild): string {
  const files = sources.map(({ fingerprint }) => fingerprint);
  return JSON.stringify({ files, postal: postalSources.map(({ manifest }) => manifest), usesNearestPostalCode });
}

async function joinReports(path: string, space: Workspace, sources: number): Promise<void> {
  const part = `${path}.part`;
  await pipeline([rejectHeader], createWriteStream(part));
  for (let index = 0; index < sources; index += 1) {
    const report = RejectReport.pathIn(space.sourceFolder(index));
    await pipeline(createReadStream(report), createWriteStream(part, { flags: 'a' }));
  }
  await rename(part, path);
}

function sumRejects(finished: readonly FinishedSource[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { rejects } of finished) {
    for (const [reason, count] of Object.entries(rejects)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}
