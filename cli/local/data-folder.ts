import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { errorCode } from './error-code.ts';

/** Raised when an older program could no longer read what this one writes. */
const formatVersion = 1;

/** The starter database, its temporary copy and the first configuration need this much; a later start far less. */
const neededBytes = { firstStart: 64 * 2 ** 20, laterStart: 8 * 2 ** 20 };

/** Paths below the data folder. */
export interface DataFolder {
  readonly path: string;
  /** True when no earlier start has finished preparing it. */
  readonly isNew: boolean;
  readonly lock: string;
  readonly passwordFile: string;
  readonly configuration: string;
  readonly referenceData: string;
  /** What jobs read and write. */
  readonly jobFiles: string;
  /** Payloads of old changes of the configuration. */
  readonly auditArchive: string;
  /** Secrets of connections, encrypted; made with the first one. */
  readonly secrets: string;
  readonly logs: string;
  /** What runs now, for people and for the refusal of a second start. */
  readonly processesFile: string;
}

/** Creates or opens the data folder; throws `CommandError` when it cannot serve, with the reason in one sentence. */
export function openDataFolder(path: string): DataFolder {
  const version = join(path, 'version.json');
  const format = attemptOn(path, () => {
    makeFolder(path);
    return readFormat(path, version);
  });
  const wantedBytes = format === undefined ? neededBytes.firstStart : neededBytes.laterStart;
  attemptOn(path, () => {
    assertWritable(path);
    assertRoom(path, wantedBytes);
  });
  const folder = {
    path,
    isNew: format === undefined,
    lock: join(path, 'lock'),
    passwordFile: join(path, 'admin-password'),
    configuration: join(path, 'configuration'),
    referenceData: join(path, 'reference-data'),
    jobFiles: join(path, 'files'),
    auditArchive: join(path, 'audit-archive'),
    secrets: join(path, 'secrets'),
    logs: join(path, 'logs'),
    processesFile: join(path, 'processes.json'),
  };
  attemptOn(path, () => {
    for (const inside of [folder.lock, folder.configuration, folder.referenceData, folder.jobFiles, folder.logs]) {
      mkdirSync(inside, { recursive: true });
    }
  });
  return folder;
}

/** Marks the folder as written by this format; call it while owning the lock. */
export function sealDataFolder(folder: DataFolder): void {
  if (!folder.isNew) return;
  attemptOn(folder.path, () =>
    writeWhole(join(folder.path, 'version.json'), `${JSON.stringify({ format: formatVersion })}\n`),
  );
}

/** Writes beside and renames, so that a reader sees the old or the new text, never a part. */
export function writeWhole(file: string, text: string, mode = 0o644): void {
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, text, { mode });
  renameSync(aside, file);
}

/** Runs a file operation below the data folder; file-system refusals become the sentence a user can act on. */
export function attemptOn<Result>(path: string, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    throw asFolderError(path, error);
  }
}

/** The folder's own sentence for a file-system error; other errors come back as they are. */
export function asFolderError(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error);
  const reason = refusals[code];
  if (!reason) return error;
  const sentence = `the data folder ${path} cannot be written: ${reason}; make it writable or name another with --data`;
  return new CommandError('folderUnwritable', sentence, { cause: error });
}

/** The sentence for a disk that filled up. */
export function diskFull(path: string, cause?: unknown): CommandError {
  const sentence = `no room left on the disk of ${path}; free some or name a folder on another disk with --data`;
  return new CommandError('diskFull', sentence, { cause });
}

const refusals: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file is in the way',
  EEXIST: 'a file is in the way',
  ENOENT: 'the path cannot be created',
  ELOOP: 'its symbolic links go round in a circle',
  ENAMETOOLONG: 'the path is too long',
};

/** Not `recursive`: on file systems that refuse new folders with ENOENT, such as /proc, that never returns. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

/** `undefined` when the folder was never prepared. */
function readFormat(path: string, file: string): number | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  const format = parseFormat(text);
  if (format === undefined) {
    const sentence = `${file} is damaged; restore it, or name another folder with --data`;
    throw new CommandError('folderDamaged', sentence);
  }
  if (format <= formatVersion) return format;
  const sentence = `the data folder ${path} has format ${format}, this version reads up to ${formatVersion}; start it with the newer version or name another folder with --data`;
  throw new CommandError('folderNewer', sentence);
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseFormat(text: string): number | undefined {
  try {
    const { format } = JSON.parse(text) as { format?: unknown };
    return Number.isInteger(format) && Number(format) >= 1 ? Number(format) : undefined;
  } catch {
    return undefined;
  }
}

function assertRoom(path: string, wantedBytes: number): void {
  const { bavail, bsize } = statfsSync(path);
  if (bavail * bsize >= wantedBytes) return;
  const [free, wanted] = [bavail * bsize, wantedBytes].map((bytes) => `${Math.floor(bytes / 2 ** 20)} MiB`);
  const sentence = `the disk of ${path} has ${free} free and the cluster needs ${wanted}; free some or name a folder on another disk with --data`;
  throw new CommandError('diskFull', sentence);
}

/** The permission bits do not tell (root, read-only mounts, network shares): only writing does. */
function assertWritable(path: string): void {
  const probe = join(path, `.probe-${randomUUID()}`);
  writeFileSync(probe, 'x');
  rmSync(probe);
}
