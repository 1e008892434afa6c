import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import { listSealedVintages, listUseRecords, type UseRecord } from '../../reference-data/index.ts';
import { UsageError } from '../usage-error.ts';
import { type Flags, flag, readDatabaseName, readRequired, text } from './flags.ts';

export const retireFlags = { name: text, out: text, keep: text, yes: flag } as const;

/** A cluster that has not renewed its record for so long uses the vintage no more. */
const useLastsMs = 86_400_000;

/** What a vintage is kept for; undefined when nothing speaks against removing it. */
interface Judged {
  readonly vintage: string;
  readonly keptBecause: string | undefined;
}

/**
 * Says which vintages of a database would go: all but the newest two and those that a cluster uses; with `--yes` they
 * go. Vintages that are named must be free: throws `OBJECT_IN_USE` when one is not, and removes none.
 */
export async function runRetire(flags: Flags<typeof retireFlags>, named: readonly string[]): Promise<void> {
  const database = readDatabaseName(readRequired(flags, 'name', 'give the name of the database'));
  const out = resolve(readRequired(flags, 'out', 'give the folder that holds the databases'));
  const folder = join(out, database);
  if (!existsSync(folder)) throw new UsageError(`${out} has no database ${database}`);
  const judged = await judgeVintages(folder, readKeep(flags.keep));
  const free = pickFree(judged, named, folder);
  for (const { vintage, keptBecause } of judged) {
    if (keptBecause !== undefined) print(`kept ${vintage}: ${keptBecause}`);
  }
  for (const vintage of free) {
    if (flags.yes) await removeVintage(join(folder, vintage));
    print(`${flags.yes ? 'removed' : 'would remove'} ${vintage}`);
  }
  if (free.length === 0) print('there is nothing to remove');
  else if (!flags.yes) print('add --yes to remove');
}

async function judgeVintages(folder: string, keep: number): Promise<readonly Judged[]> {
  const [manifests, records] = await Promise.all([listSealedVintages(folder), listUseRecords(folder)]);
  const since = Date.now() - useLastsMs;
  const live = records.filter(({ at }) => !(Date.parse(at) < since));
  return manifests.map(({ vintage }, index) => {
    const users = live.filter(({ vintages }) => vintages.includes(vintage)).map(describeUser);
    if (users.length > 0) return { vintage, keptBecause: `in use by ${users.sort().join(', ')}` };
    return { vintage, keptBecause: index < keep ? `one of the newest ${keep}` : undefined };
  });
}

function pickFree(judged: readonly Judged[], named: readonly string[], folder: string): readonly string[] {
  if (named.length === 0) return judged.filter((one) => one.keptBecause === undefined).map(({ vintage }) => vintage);
  for (const name of named) {
    const found = judged.find(({ vintage }) => vintage === name);
    if (!found)
      throw new UsageError(
        `${folder} has no vintage ${name}; it has ${judged.map(({ vintage }) => vintage).join(', ')}`,
      );
    if (found.keptBecause === undefined) continue;
    const sentence = `${name} is not removed: it is ${found.keptBecause}; nothing was removed`;
    throw new SpectrumError('OBJECT_IN_USE', sentence, { vintage: name, reason: found.keptBecause });
  }
  return named;
}

function describeUser({ cluster, node, place, at }: UseRecord): string {
  return `cluster ${cluster} (${node} at ${place}, ${at})`;
}

function readKeep(given = '2'): number {
  if (/^\d{1,3}$/.test(given) && Number(given) >= 1) return Number(given);
  throw new UsageError(`--keep: "${given}" is not allowed; use a whole number from 1 to 999`);
}

/** Renamed first: nobody can open a half-removed vintage. */
async function removeVintage(folder: string): Promise<void> {
  const aside = `${folder}.retired-${process.pid}`;
  await rename(folder, aside);
  await rm(aside, { recursive: true });
  await rm(`${folder}.rejects.csv`, { force: true });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
