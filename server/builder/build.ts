import { type Manifest, VintageWriter } from '../reference-data/index.ts';
import { Merge, type MergeReport } from './merge.ts';
import type { Source } from './source.ts';

export interface BuildRequest {
  /** `<root>/<database>/<vintage>` */
  readonly folder: string;
  readonly database: string;
  readonly vintage: string;
  readonly purpose: Manifest['purpose'];
  /** ISO 8601, UTC; goes into the manifest, so equal inputs and an equal time give equal bytes. */
  readonly builtAt: string;
  readonly sources: readonly Source[];
}

export type ReportProgress = (step: string, done: number, total: number) => void;

/** Reads the sources in order, merges them and seals one vintage; on any failure nothing is left behind. */
export async function buildVintage(
  request: BuildRequest,
  report: ReportProgress,
): Promise<{ readonly manifest: Manifest; readonly leftOut: readonly MergeReport[] }> {
  const { folder, database, vintage, purpose, builtAt, sources } = request;
  // Created first: a folder that cannot be written is told before minutes of reading.
  const writer = await VintageWriter.create(folder);
  try {
    const merge = new Merge();
    for (const source of sources) await readSource(source, merge, report);
    await writeStreets(merge, writer, report);
    report('seal', 0, 1);
    const facts = {
      database,
      vintage,
      purpose,
      builtAt,
      sources: sources.map((source) => source.manifest),
      counts: merge.counts(),
    };
    const manifest = await writer.seal(merge.postalCodes(), facts, merge.foreignPlaces());
    report('seal', 1, 1);
    return { manifest, leftOut: merge.report };
  } catch (error) {
    await writer.discard().catch(() => undefined);
    throw error;
  }
}

async function readSource(source: Source, merge: Merge, report: ReportProgress): Promise<void> {
  const { total, facts } = await source.read();
  let done = 0;
  report(source.step, 0, total);
  for (const fact of facts) {
    merge.add(fact);
    done += 1;
    if (done % 10_000 === 0) report(source.step, done, total);
  }
  report(source.step, total, total);
}

async function writeStreets(merge: Merge, writer: VintageWriter, report: ReportProgress): Promise<void> {
  const streets = merge.streets();
  let done = 0;
  report('write', 0, streets.size);
  for (const [code, content] of streets) {
    await writer.addStreets(code, content);
    done += 1;
    if (done % 1_000 === 0) report('write', done, streets.size);
  }
  report('write', streets.size, streets.size);
}
