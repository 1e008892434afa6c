import type { ResultManifest } from '../../contract/jobs.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { formatLocation, type Location, type ObjectStore, readText } from '../object-store/index.ts';
import { WrittenOnce } from './written-once.ts';

type Identity = Pick<ResultManifest, 'subject' | 'plan'>;

const limitBytes = 2 ** 20;

/** The result of an earlier try; throws `OBJECT_IN_USE` where another plan left one. */
export async function findResult(
  store: ObjectStore,
  at: Location,
  { subject, plan }: Identity,
): Promise<ResultManifest | undefined> {
  const text = await readText(store, at, limitBytes);
  if (text === undefined) return undefined;
  const result = JSON.parse(text) as ResultManifest;
  if (result.subject === subject && result.plan === plan) return result;
  const sentence = `${formatLocation(at)} is the result of ${result.subject} by another plan; use another output location`;
  throw new SpectrumError('OBJECT_IN_USE', sentence);
}

/** Writes the manifest that makes the partition count. */
export async function writeResult(store: ObjectStore, at: Location, result: ResultManifest): Promise<ResultManifest> {
  const file = await WrittenOnce.create(store, at);
  await file.write(`${JSON.stringify(result, undefined, 2)}\n`);
  await file.finish();
  return result;
}
