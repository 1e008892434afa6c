import { mkdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddressSource } from '../address-source.ts';
import { EndlessRow, endlessRow } from '../reading/row-pieces.ts';
import { RejectReport } from '../rejects.ts';
import { inOrder } from '../work/in-order.ts';
import type { JobRunner } from '../work/work-pool.ts';
import { RunWriter } from './run-writer.ts';
import type { FinishedSource } from './workspace.ts';

export interface ReadOptions {
  readonly folder: string;
  readonly runner: JobRunner;
  readonly usesNearestPostalCode: boolean;
  /** Called now and then with the bytes and records read so far. */
  readonly onProgress: (bytesRead: number, records: number) => void;
}

/** Reads one source to its end into `folder`: run files of its records, a report of what is left out. */
export async function readSource(source: AddressSource, options: ReadOptions): Promise<FinishedSource> {
  const { folder, runner, usesNearestPostalCode, onProgress } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const runs = await RunWriter.create(folder);
  const rejects = await RejectReport.create(folder);
  const file = basename(source.path);
  let records = 0;
  let linesBefore = source.linesBefore;
  try {
    // One more than threads, so that none waits for the file.
    const read = inOrder(source.pieces(), runner.width + 1, ({ work }) =>
      runner.run({ kind: 'read', work, usesNearestPostalCode }),
    );
    for await (const [{ bytesRead }, result] of read) {
      for (const { line, reason } of result.rejects) rejects.add(file, linesBefore + line, reason);
      linesBefore += result.lines;
      records += result.records;
      await runs.add(result);
      await rejects.flush();
      onProgress(bytesRead, records);
    }
    return { records, rejects: await rejects.finish(), slices: await runs.finish() };
  } catch (error) {
    await runs.abandon();
    await rejects.abandon();
    throw error instanceof EndlessRow ? endlessRow(source.path, linesBefore + 1) : error;
  }
}
