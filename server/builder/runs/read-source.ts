import { mkdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddressFact, AddressSource } from '../address-fact.ts';
import type { PostalCodes } from '../postal-codes.ts';
import { RejectReport } from '../rejects.ts';
import { RunWriter } from './run-writer.ts';
import type { FinishedSource } from './workspace.ts';

/** Finds the ZIP Code of an address that has none; undefined when it cannot be told. */
export type FindPostalCode = (fact: Extract<AddressFact, { kind: 'point' }>) => string | undefined;

export interface ReadOptions {
  readonly folder: string;
  readonly postalCodes: PostalCodes;
  readonly findPostalCode: FindPostalCode;
  /** Called now and then with the bytes and records read so far. */
  readonly onProgress: (bytesRead: number, records: number) => void;
}

/** Reads one source to its end into `folder`: run files of its records, a report of what is left out. */
export async function readSource(source: AddressSource, options: ReadOptions): Promise<FinishedSource> {
  const { folder, onProgress } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const runs = await RunWriter.create(folder);
  const rejects = await RejectReport.create(folder);
  const file = basename(source.path);
  let records = 0;
  try {
    for await (const { facts, bytesRead } of source.read()) {
      for (const fact of facts) {
        const reason = take(fact, runs, options);
        if (reason !== undefined) rejects.add(file, fact.line, reason);
      }
      records += facts.length;
      if (runs.isFull) await runs.flush();
      await rejects.flush();
      onProgress(bytesRead, records);
    }
    return { records, rejects: await rejects.finish(), slices: await runs.finish() };
  } catch (error) {
    await runs.abandon();
    await rejects.abandon();
    throw error;
  }
}

/** Undefined when the fact was taken in, else why not. */
function take(fact: AddressFact, runs: RunWriter, { postalCodes, findPostalCode }: ReadOptions): string | undefined {
  if (fact.kind === 'reject') return fact.reason;
  const isPoint = fact.kind === 'point';
  const postalCode = isPoint && fact.postalCode === '' ? findPostalCode(fact) : fact.postalCode;
  if (!postalCode) return 'no ZIP Code';
  const refused = postalCodes.refuse(postalCode, isPoint ? fact.stateProvince : '');
  if (refused !== undefined) return refused;
  const { streetKey } = fact;
  runs.add(
    Number(postalCode),
    isPoint ? { kind: 'point', streetKey, point: fact.point } : { kind: 'range', streetKey, range: fact.range },
  );
  return undefined;
}
