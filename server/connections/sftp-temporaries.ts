import { posix } from 'node:path';
import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import { temporaryMark } from './remote-paths.ts';

/** Who puts files on servers: a run, and which of its owners this is. */
export interface RunOwner {
  readonly run: string;
  /** Counts owners of the run. */
  readonly epoch: number;
}

/** Nobody writes one file for so long, by the clock of the server. */
const leftoverSeconds = 86_400;
/** Of a folder with more entries than some thousands only those are looked at. */
const pagesLookedAt = 50;

/** Where a file stands until it is whole: beside its place, under a name that no other owner of any run has. */
export function temporaryOf(path: string, { run, epoch }: RunOwner): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.${run}-${epoch}${temporaryMark}`);
}

/** Removes what earlier owners of the run left behind, and runs that died a day before `path` was written. */
export async function removeLeftovers(sftp: SFTPWrapper, path: string, { run }: RunOwner): Promise<void> {
  const [folder, name] = [posix.dirname(path), posix.basename(path)];
  const { mtime: writtenAt } = await promisify(sftp.stat.bind(sftp))(path);
  const handle = await promisify<string, Buffer>(sftp.opendir.bind(sftp))(folder);
  try {
    for (let page = 0; page < pagesLookedAt; page++) {
      for (const { filename, attrs } of await promisify(sftp.readdir.bind(sftp))(handle)) {
        if (!filename.startsWith(`.${name}.`) || !filename.endsWith(temporaryMark)) continue;
        const isOwn = filename.startsWith(`.${name}.${run}-`);
        if (!isOwn && attrs.mtime > writtenAt - leftoverSeconds) continue;
        await promisify<string>(sftp.unlink.bind(sftp))(posix.join(folder, filename));
      }
    }
  } finally {
    sftp.close(handle, () => undefined);
  }
}
