import { readFileSync } from 'node:fs';
import { ClassicLevel } from 'classic-level';
import { CommandError } from '../command-error.ts';
import { asFolderError, type DataFolder, diskFull } from './data-folder.ts';
import { errorCode } from './error-code.ts';
import { saysDiskFull } from './failure-reason.ts';

/** Ownership of a data folder; the kernel ends it with the process, however that dies. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process or throws `folderInUse`. The lock is the file lock that LevelDB takes on opening
 * (`fcntl`; `LockFileEx` on Windows): nothing stale can be left behind, and of two starts the kernel lets one win.
 * Open it once per process: POSIX drops such a lock when the same process closes the file through another handle.
 */
export async function lockFolder(folder: DataFolder): Promise<FolderLock> {
  const level = new ClassicLevel(folder.lock);
  try {
    await level.open();
  } catch (error) {
    throw asLockError(folder, error);
  }
  return { release: () => level.close() };
}

function asLockError(folder: DataFolder, error: unknown): unknown {
  const { cause = error } = error as Error;
  if (errorCode(cause) === 'LEVEL_LOCKED') return inUse(folder);
  return saysDiskFull(String(cause)) ? diskFull(folder.path, error) : asFolderError(folder.path, cause);
}

function inUse(folder: DataFolder): CommandError {
  const owner = describeOwner(folder.processesFile);
  return new CommandError(
    'folderInUse',
    `the data folder ${folder.path} is in use${owner}; stop that cluster or name another folder with --data`,
  );
}

/** The owner writes the file only when it is up, so it may be absent or about an earlier start. */
function describeOwner(file: string): string {
  try {
    const { pid, url } = JSON.parse(readFileSync(file, 'utf8')) as { pid?: unknown; url?: unknown };
    return typeof pid === 'number' ? ` by process ${pid} (${String(url)})` : '';
  } catch {
    return '';
  }
}
