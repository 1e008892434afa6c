import type { JobPartition, JobPlan } from '../../contract/jobs.ts';
import { jobFiles } from '../../contract/jobs.ts';
import { RecordBounds } from '../delimited/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import {
  formatLocation,
  type Location,
  locationIn,
  type ObjectStore,
  parseLocation,
  readPieces,
  splitLocation,
} from '../object-store/index.ts';
import { type Header, readHeader } from './header.ts';
import { readPlan } from './plan.ts';
import { createServiceStep } from './service-step.ts';
import { WrittenOnce } from './written-once.ts';

/** Cuts the input of the plan at `planAt` into partitions of whole records and writes their list; answers how many. */
export async function planPartitions(store: ObjectStore, planAt: Location): Promise<number> {
  const { plan } = await readPlan(store, planAt);
  const header = await readHeader(store, plan);
  // A plan that no partition could run is refused before any task of it is started.
  createServiceStep(plan, header.columns);
  const bounds = await findBounds(store, plan, header);
  const partitions = bounds.map(({ from, to, line }, index): JobPartition => {
    const words = ['--partition', String(index), '--bytes', `${from}-${to}`, '--first-line', String(line)] as const;
    return { arguments: ['job', 'partition', formatLocation(planAt), ...words] };
  });
  const list = await WrittenOnce.create(store, locationIn(splitLocation(planAt).folder, jobFiles.partitions));
  await list.write(`[\n${partitions.map((partition) => JSON.stringify(partition)).join(',\n')}\n]\n`);
  await list.finish();
  return partitions.length;
}

async function findBounds(store: ObjectStore, { input, rowsPerPartition }: JobPlan, header: Header) {
  const location = parseLocation(input.location);
  const found = await store.find(location);
  if (!found) throw new SpectrumError('INVALID_SETTING', `input ${formatLocation(location)} is not there`);
  const bounds: { from: number; to: number; line: number }[] = [];
  const records = new RecordBounds(input.delimiter);
  const { sizeBytes, mark } = found;
  let [from, line, rows] = [header.endsAt, header.nextLine, 0];
  for await (const piece of readPieces(store, location, { from, to: sizeBytes }, mark)) {
    for (const offset of records.push(piece)) {
      rows += 1;
      if (rows < rowsPerPartition) continue;
      bounds.push({ from, to: header.endsAt + offset, line });
      [from, line, rows] = [header.endsAt + offset, header.nextLine + records.lines, 0];
    }
  }
  // The last record may have no line end.
  if (from < sizeBytes) bounds.push({ from, to: sizeBytes, line });
  return bounds;
}
