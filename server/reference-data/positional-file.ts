import { type FileHandle, open } from 'node:fs/promises';
import { SpectrumError } from '../foundation/errors.ts';
import { corrupt } from './format.ts';

/** Reads of one file by position. */
export interface PositionalFile {
  read(position: number, sizeBytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

export type OpenPositionalFile = (path: string) => Promise<PositionalFile>;

/** A network file system answers these when the file's handle is no longer good; a new handle may be. */
const reopenCodes = new Set(['ESTALE', 'EIO', 'EBADF']);

type ReadHandle = Pick<FileHandle, 'read' | 'close'>;

/** @param openHandle what `node:fs/promises` opens for reading */
export async function openPositionalFile(
  path: string,
  openHandle: (path: string) => Promise<ReadHandle> = (wanted) => open(wanted, 'r'),
): Promise<PositionalFile> {
  let handle = openHandle(path);
  await handle;
  /** Of several reads that fail together, the first opens anew for all. */
  const reopen = async (stale: Promise<ReadHandle>): Promise<void> => {
    if (handle !== stale) return;
    const next = openHandle(path);
    handle = next;
    // The stale one stays where none can be opened: the next read tries again.
    next.catch(() => {
      if (handle === next) handle = stale;
    });
    await next;
    await (await stale).close().catch(() => undefined);
  };
  return {
    async read(position, sizeBytes) {
      const used = handle;
      try {
        return await readFully(await used, path, position, sizeBytes);
      } catch (error) {
        if (!reopenCodes.has(codeOf(error))) throw error;
        await reopen(used);
        return await readFully(await handle, path, position, sizeBytes);
      }
    },
    close: async () => await (await handle).close(),
  };
}

async function readFully(handle: ReadHandle, path: string, position: number, sizeBytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(sizeBytes);
  for (let done = 0; done < sizeBytes; ) {
    const { bytesRead } = await handle.read(buffer, done, sizeBytes - done, position + done);
    if (bytesRead === 0) throw corrupt(path, `it ends before byte ${position + sizeBytes}`);
    done += bytesRead;
  }
  return buffer;
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : '';
}

export interface ReadLimits {
  /** One read takes at most so long before its caller is told `DATABASE_UNAVAILABLE`. */
  readonly timeoutMs: number;
  /** Reads under way at once; Node.js has four threads for them by default. */
  readonly concurrentReads: number;
  /** Reads waiting beyond those; one more is refused at once. */
  readonly waitingReads: number;
}

/**
 * Keeps a slow file system from stalling a node: a read that exceeds its time keeps its place among the concurrent
 * ones until it really ends, so that a hung mount soon refuses at once instead of piling up work.
 */
export class ReadQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly limits: ReadLimits) {}

  async run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.limits.waitingReads) throw unavailable(what, 'too many reads are waiting');
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(unavailable(what, `a read took longer than ${this.limits.timeoutMs} ms`)),
        this.limits.timeoutMs,
      );
    });
    try {
      return await Promise.race([this.#turn(work), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.limits.concurrentReads) await new Promise<void>((start) => this.#waiting.push(start));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

export function unavailable(path: string, reason: string, cause?: unknown): SpectrumError {
  return new SpectrumError(
    'DATABASE_UNAVAILABLE',
    `${path} cannot be read: ${reason}; try again, or check the reference-data file system`,
    { path, reason },
    { cause },
  );
}
