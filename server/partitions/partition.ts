import { join } from 'node:path';
import type { JobPlan, ResultManifest } from '../../contract/jobs.ts';
import { type CsvRow, CsvRows, formatRow } from '../delimited/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import {
  formatLocation,
  type Location,
  locationIn,
  type ObjectStore,
  parseLocation,
  readPieces,
} from '../object-store/index.ts';
import { type AddressDatabase, openAddressDatabase } from '../reference-data/index.ts';
import { readHeader } from './header.ts';
import { readPlan } from './plan.ts';
import { findResult, writeResult } from './result.ts';
import { createServiceStep, type ServiceStep } from './service-step.ts';
import { WrittenOnce } from './written-once.ts';

export interface PartitionRequest {
  readonly store: ObjectStore;
  readonly planAt: Location;
  readonly partition: number;
  /** Whole records of the input, as planned. */
  readonly bytes: { readonly from: number; readonly to: number };
  /** Line of the input on which they begin. */
  readonly firstLine: number;
  /** Folder that holds `<database>/<vintage>/`. */
  readonly referenceData: string;
  /** Told after every batch. */
  onRows(done: number): void;
  /** Told of a file that must not stay when the program is ended by a signal. */
  onStaged(file: { discard(): void }): void;
}

/** Rows that a service answers at once. */
const batchRows = 500;

/** Runs one partition and leaves its files and its manifest; answers what an earlier try left where that was whole. */
export async function runPartition(request: PartitionRequest): Promise<ResultManifest> {
  const { store, planAt, partition } = request;
  const { plan, digest } = await readPlan(store, planAt);
  const folder = parseLocation(plan.output.location);
  const label = String(partition).padStart(5, '0');
  const identity = { subject: `${plan.run}/${label}`, plan: digest };
  const manifestAt = locationIn(folder, `part-${label}.manifest.json`);
  const earlier = await findResult(store, manifestAt, identity);
  if (earlier) return earlier;
  const { columns } = await readHeader(store, plan);
  const step = createServiceStep(plan, columns);
  const databases = await openDatabases(plan, request.referenceData);
  try {
    const create = async (name: string) => {
      const file = await WrittenOnce.create(store, locationIn(folder, name));
      request.onStaged(file);
      return { name, file };
    };
    const output = await create(`part-${label}.csv`);
    const rejects = await create(`part-${label}.rejects.csv`);
    const counts = await writeRows(request, plan, columns.length, {
      step,
      databases,
      output: output.file,
      rejects: rejects.file,
    });
    if (counts.rejected === 0) await rejects.file.abandon();
    const kept = counts.rejected === 0 ? [output] : [output, rejects];
    const files = [];
    for (const { name, file } of kept) files.push({ name, ...(await file.finish()) });
    return await writeResult(store, manifestAt, { role: 'job', ...identity, files, ...counts });
  } finally {
    await Promise.all([...databases.values()].map((database) => database.close()));
  }
}

async function openDatabases({ databases }: JobPlan, referenceData: string) {
  const opened = new Map<string, AddressDatabase>();
  for (const [name, vintage] of Object.entries(databases)) {
    opened.set(name, await openAddressDatabase(join(referenceData, vintage)));
  }
  return opened;
}

interface Work {
  readonly step: ServiceStep;
  readonly databases: ReadonlyMap<string, AddressDatabase>;
  readonly output: WrittenOnce;
  readonly rejects: WrittenOnce;
}

async function writeRows(request: PartitionRequest, plan: JobPlan, width: number, work: Work) {
  const { delimiter } = plan.input;
  const { step, databases, output, rejects } = work;
  let [records, rejected] = [0, 0];
  await output.write(formatRow(step.columns, delimiter));
  await rejects.write(formatRow(['line', 'reason'], delimiter));
  for await (const batch of readBatches(request, plan)) {
    const whole = batch.filter(({ values }) => values.length === width);
    for (const { line, values } of batch) {
      if (values.length === width) continue;
      rejected += 1;
      const reason = `${values.length} values instead of ${width}`;
      await rejects.write(formatRow([String(line), reason], delimiter));
    }
    const answers = await step.run(
      whole.map(({ values }) => values),
      databases,
    );
    await output.write(answers.map((values) => formatRow(values, delimiter)).join(''));
    records += whole.length;
    request.onRows(records + rejected);
  }
  return { records, rejected };
}

/** Rows of the partition with their lines in the whole input. */
async function* readBatches(
  { store, bytes, firstLine }: PartitionRequest,
  { input }: JobPlan,
): AsyncGenerator<readonly CsvRow[]> {
  const location = parseLocation(input.location);
  const found = await store.find(location);
  if (!found || bytes.to > found.sizeBytes) {
    const sentence = `input ${formatLocation(location)} ends before byte ${bytes.to}; plan the run again`;
    throw new SpectrumError('INVALID_SETTING', sentence);
  }
  const cutter = new CsvRows(input.delimiter, firstLine);
  const decoder = new TextDecoder('utf-8');
  let waiting: CsvRow[] = [];
  for await (const piece of readPieces(store, location, bytes, found.mark)) {
    waiting = waiting.concat(cutter.push(decoder.decode(piece, { stream: true })));
    for (let from = 0; from + batchRows <= waiting.length; from += batchRows)
      yield waiting.slice(from, from + batchRows);
    waiting = waiting.slice(waiting.length - (waiting.length % batchRows));
  }
  waiting = waiting.concat(cutter.push(decoder.decode()), cutter.end());
  if (waiting.length > 0) yield waiting;
}
