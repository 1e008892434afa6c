import { link, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SpectrumError } from '../foundation/errors.ts';

/** A file that waits for its name. */
export interface FileTarget {
  readonly path: string;
  readonly temporary: string;
  readonly mode: 'overwrite' | 'append' | 'refuse';
  /** What the file was that this one begins with, when it was copied; absent where there was none. */
  readonly appendedTo?: FileMark;
  /** Where the file goes instead of its name here. */
  readonly upload?: Upload;
}

interface Upload {
  readonly server: string;
  readonly path: string;
}

/** Makes a file of this machine one of a file server; doing it again does no harm. */
export type UploadFile = (to: Upload, localPath: string, mode: 'overwrite' | 'refuse') => Promise<'written' | 'exists'>;

/** Tells whether a file is still what it was. */
export interface FileMark {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** Beside the target: the same file system, so that a rename is whole or not at all. */
export const temporaryMark = '.spectrum-run';

export function temporaryOf(path: string, run: string, epoch: number): string {
  return join(dirname(path), `.${basename(path)}.${run}-${epoch}${temporaryMark}`);
}

/** Undefined when there is no such file. */
export async function markOf(path: string): Promise<FileMark | undefined> {
  const found = await statOf(path);
  return found && { sizeBytes: found.size, modifiedMs: found.mtimeMs };
}

/**
 * Gives files their names. Doing it again, or while another node does it, does no harm. What cannot be done is known
 * before the first file is replaced. Throws `INVALID_REQUEST` naming the file.
 */
export async function completeFiles(targets: readonly FileTarget[], upload?: UploadFile): Promise<void> {
  for (const target of targets) await assertUnchanged(target);
  const linked: FileTarget[] = [];
  try {
    for (const target of targets.filter((one) => one.mode === 'refuse' && one.upload === undefined)) {
      if (await linkNew(target)) linked.push(target);
    }
    for (const target of targets) await uploadNew(target, upload);
  } catch (error) {
    for (const { path } of linked) await rm(path, { force: true });
    throw error;
  }
  for (const { path, temporary, mode, upload: uploaded } of targets) {
    if (mode === 'refuse' || uploaded !== undefined) await rm(temporary, { force: true });
    else await rename(temporary, path).catch(ignoreMissing);
  }
}

async function uploadNew({ temporary, mode, upload: to }: FileTarget, upload: UploadFile | undefined): Promise<void> {
  // Gone already: whoever completed the file before did the work.
  if (to === undefined || (await statOf(temporary)) === undefined) return;
  if (upload === undefined) throw new SpectrumError('INTERNAL', `file: ${to.path}: no file server is at hand`);
  const outcome = await upload(to, temporary, mode === 'refuse' ? 'refuse' : 'overwrite');
  if (outcome === 'exists') throw refuseExisting(to.path);
}

/** Removes what this and earlier owners of a run wrote and what has no name. */
export async function discardFiles(targets: readonly FileTarget[], run: string, epoch: number): Promise<void> {
  for (const { path } of targets) {
    for (let earlier = 1; earlier <= epoch; earlier++) await rm(temporaryOf(path, run, earlier), { force: true });
  }
}

/** Whatever somebody else appended meanwhile would be lost. */
async function assertUnchanged({ path, temporary, mode, appendedTo }: FileTarget): Promise<void> {
  // Gone already: whoever completed the file before did the work.
  if (mode !== 'append' || (await statOf(temporary)) === undefined) return;
  const now = await markOf(path);
  if (now?.sizeBytes === appendedTo?.sizeBytes && now?.modifiedMs === appendedTo?.modifiedMs) return;
  const name = basename(path);
  throw new SpectrumError('INVALID_REQUEST', `file: ${name} was changed while the run appended to it; run it again`, {
    file: name,
  });
}

/** Whether the name is new with this call. Unlike a rename, a link fails when the name is taken. */
async function linkNew({ path, temporary }: FileTarget): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && (await statOf(temporary)) === undefined) return false;
    if (code !== 'EEXIST') throw error;
    const [made, standing] = [await statOf(temporary), await statOf(path)];
    if (made?.ino === standing?.ino && made?.dev === standing?.dev) return false;
    throw refuseExisting(path);
  }
}

export function refuseExisting(path: string): SpectrumError {
  const name = basename(path);
  return new SpectrumError('INVALID_REQUEST', `file: ${name} is there already and may not be replaced`, { file: name });
}

async function statOf(path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    ignoreMissing(error);
    return undefined;
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
