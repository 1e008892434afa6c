import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ManagementError } from '../../client/index.ts';
import { CommandError } from '../command-error.ts';
import { openClient } from '../data/management.ts';
import { publish } from '../data/publish.ts';
import type { Progress } from '../output/progress.ts';
import { type ChildProgram, forkChild, killGroup, waitForExit } from './child-process.ts';
import { type DataFolder, diskFull } from './data-folder.ts';
import { errorCode } from './error-code.ts';
import { findFailureReason, saysDiskFull } from './failure-reason.ts';
import { openLogFile } from './log-file.ts';

/** A published vintage in the data folder, as its manifest describes it. */
export interface LocalDatabase {
  readonly database: string;
  readonly vintage: string;
  readonly purpose: string;
  readonly builtAt: string;
  readonly counts: { readonly postalCodes: number; readonly streets: number; readonly points: number };
}

const starterName = 'starter';

/** Every database with a manifest, the newest vintage of each first. */
export function listDatabases(folder: DataFolder): LocalDatabase[] {
  return listFolders(folder.referenceData)
    .flatMap((database) => listFolders(join(folder.referenceData, database)).map((vintage) => join(database, vintage)))
    .map((path) => readManifest(join(folder.referenceData, path, 'manifest.json')))
    .filter((found) => found !== undefined)
    .sort((one, other) => one.database.localeCompare(other.database) || other.builtAt.localeCompare(one.builtAt));
}

/** The newest vintage of the starter database in the folder. */
export function findStarter(folder: DataFolder): LocalDatabase | undefined {
  return listDatabases(folder).find(({ database }) => database === starterName);
}

export interface StarterAdoption {
  readonly url: string;
  readonly administrator: { readonly name: string; readonly password: string };
  readonly vintage: string;
  readonly progress: Progress;
}

const adoptionMs = 30_000;

/**
 * Publishes the vintage that a newer program has built, where the resource `starter` still answers from the starter
 * database. A cluster that cannot goes on with the old one and says so.
 */
export async function adoptStarter({ url, administrator, vintage, progress }: StarterAdoption): Promise<void> {
  const client = openClient({ url, user: administrator.name, password: administrator.password });
  try {
    const found = await client.objects('database-resource').find(starterName);
    if (found?.value.database !== starterName) return;
    const wanted = { resource: starterName, module: 'addressing', database: starterName, vintage } as const;
    progress.say(await publish(client, { ...wanted, timeoutMs: adoptionMs }, progress));
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof ManagementError)) throw error;
    progress.say(`the newer starter database ${vintage} is not published: ${error.message}`);
  }
}

/** Builds the starter database in a process of its own; `onProgress` gets what it says, in words. */
export async function buildStarterDatabase(
  folder: DataFolder,
  script: string,
  onProgress: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  removeUnfinished(folder);
  const log = openLogFile(join(folder.logs, 'builder.log'));
  const program: ChildProgram = {
    name: 'builder',
    script,
    arguments: ['starter', '--out', folder.referenceData, '--progress', 'json'],
    environment: () => ({}),
  };
  const child = forkChild(program, log);
  child.stdout?.on(
    'data',
    lineReader((line) => onProgress(describeProgress(line))),
  );
  const abort = () => killGroup(child);
  signal.addEventListener('abort', abort, { once: true });
  const { code } = await waitForExit(child);
  signal.removeEventListener('abort', abort);
  log.close();
  signal.throwIfAborted();
  if (code === 0) return;
  if (saysDiskFull(log.tail())) throw diskFull(folder.path);
  const reason = findFailureReason(log.tail())?.replace(/^builder: /, '') ?? 'the builder ended without a word';
  throw new CommandError('starterFailed', `the starter database cannot be built: ${reason}; see ${log.path}`);
}

function lineReader(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  };
}

function describeProgress(line: string): string {
  try {
    const { step, done, total } = JSON.parse(line) as { step?: unknown; done?: unknown; total?: unknown };
    const share = typeof done === 'number' && typeof total === 'number' && total > 1 ? done / total : undefined;
    return share === undefined ? String(step) : `${String(step)} ${Math.floor(share * 100)} %`;
  } catch {
    return line;
  }
}

/** What a build that was killed left behind; the owner of the folder runs one build at a time. */
function removeUnfinished(folder: DataFolder): void {
  const path = join(folder.referenceData, starterName);
  const names = existsSync(path) ? readdirSync(path) : [];
  for (const name of names.filter(isUnfinished)) rmSync(join(path, name), { recursive: true });
}

/** The builder works beside the place of the vintage and renames at the end. */
function isUnfinished(name: string): boolean {
  return name.includes('.building-');
}

function listFolders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !isUnfinished(entry.name))
    .map((entry) => entry.name);
}

function readManifest(file: string): LocalDatabase | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LocalDatabase;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
