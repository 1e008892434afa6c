import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** One process keeps at most twice this on disk: the file and the one before. */
const limitBytes = 5 * 2 ** 20;
const tailBytes = 8 * 2 ** 10;

/** What one child prints, kept in a bounded file; its last lines also in memory, to tell why it died. */
export interface LogFile {
  readonly path: string;
  append(text: string | Buffer): void;
  tail(): string;
  clearTail(): void;
  close(): void;
}

/**
 * Opens a log for appending. Writes are synchronous, so that nothing is lost when the starter is killed; a full disk
 * loses lines, never the cluster.
 */
export function openLogFile(path: string, limit = limitBytes): LogFile {
  let file = openSync(path, 'a');
  let sizeBytes = fstatSync(file).size;
  let tail = '';

  const rotate = () => {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a');
    sizeBytes = 0;
  };
  const write = (text: string | Buffer) => {
    try {
      if (sizeBytes > 0 && sizeBytes + text.length > limit) rotate();
      sizeBytes += typeof text === 'string' ? writeSync(file, text) : writeSync(file, text);
    } catch (error) {
      if (!isDiskTrouble(error)) throw error;
    }
  };

  return {
    path,
    append: (text) => {
      write(text);
      tail = (tail + text.toString()).slice(-tailBytes);
    },
    tail: () => tail,
    clearTail: () => {
      tail = '';
    },
    close: () => closeSync(file),
  };
}

function isDiskTrouble(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EFBIG'].includes(errorCode(error));
}
