import { createReadStream } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  truncate,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { FileAccess, OutputFile } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';

export interface RunFilesProps {
  /** Folders that runs may read and write; a relative path is looked up below the first one. */
  readonly roots: readonly string[];
  readonly run: string;
  /** Counts owners of the run. What an owner writes carries it, so that an earlier one that wakes up disturbs nobody. */
  readonly epoch: number;
}

type CreateOptions = Parameters<FileAccess['create']>[1];

/** A file that waits for its name. */
export interface FileTarget {
  readonly path: string;
  readonly temporary: string;
  readonly mode: CreateOptions['mode'];
}

/** A relative path beside the target: the same file system, so that a rename is whole or not at all. */
const temporaryMark = '.spectrum-run';

/**
 * Files of one run on a file system. Nothing is seen under its name before `complete`; until then each owner of the run
 * writes a file of its own and begins with what the owner before it had made durable.
 */
export class RunFiles implements FileAccess {
  readonly #props: RunFilesProps;
  readonly #targets = new Map<string, FileTarget>();

  constructor(props: RunFilesProps) {
    this.#props = props;
  }

  async list(pattern: string): Promise<readonly string[]> {
    const path = await this.#confine(pattern);
    const shape = toShape(basename(path));
    const names = await readdir(dirname(path)).catch(() => [] as string[]);
    const found = names.filter((name) => shape.test(name)).sort();
    if (found.length > 0) return found.map((name) => join(dirname(pattern), name));
    throw new SpectrumError(
      'INVALID_REQUEST',
      `file: ${pattern} is not there; put it below the folder for files of jobs`,
      {
        file: pattern,
      },
    );
  }

  async *read(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
    const file = await this.#confine(path);
    yield* createReadStream(file, { start: fromByte, highWaterMark: 262_144 }) as AsyncIterable<Uint8Array>;
  }

  async sizeBytes(path: string): Promise<number> {
    return (await stat(await this.#confine(path))).size;
  }

  async create(given: string, { mode, continueAt }: CreateOptions): Promise<OutputFile> {
    const path = await this.#confine(given);
    if (this.#targets.has(path)) {
      throw new SpectrumError('INVALID_REQUEST', `file: two stages write ${given}; give one of them another name`, {
        file: given,
      });
    }
    await mkdir(dirname(path), { recursive: true });
    const temporary = this.#temporaryOf(path, this.#props.epoch);
    this.#targets.set(path, { path, temporary, mode });
    if (continueAt !== undefined) await this.#takeOver(path, temporary, continueAt);
    else if (mode === 'append') await copyFile(path, temporary).catch(ignoreMissing);
    else await rm(temporary, { force: true });
    return TemporaryFile.open(temporary);
  }

  /** The files written so far. */
  targets(): readonly FileTarget[] {
    return [...this.#targets.values()];
  }

  /** Removes what is not complete, of this and earlier owners. */
  async discard(): Promise<void> {
    for (const { path } of this.#targets.values()) {
      for (let epoch = 1; epoch <= this.#props.epoch; epoch++)
        await rm(this.#temporaryOf(path, epoch), { force: true });
    }
  }

  #temporaryOf(path: string, epoch: number): string {
    return join(dirname(path), `.${basename(path)}.${this.#props.run}-${epoch}${temporaryMark}`);
  }

  /** What the newest earlier owner wrote up to its checkpoint is the beginning of this owner's file. */
  async #takeOver(path: string, temporary: string, continueAt: number): Promise<void> {
    for (let epoch = this.#props.epoch - 1; epoch > 0; epoch--) {
      const earlier = this.#temporaryOf(path, epoch);
      const size = await stat(earlier).then(
        (found) => found.size,
        () => -1,
      );
      if (size < continueAt) continue;
      await copyFile(earlier, temporary);
      await truncate(temporary, continueAt);
      return;
    }
    throw new SpectrumError(
      'INTERNAL',
      `${basename(path)}: ${continueAt} bytes of an earlier owner of the run are gone`,
      {
        run: this.#props.run,
      },
    );
  }

  /** The path below a root, links followed. Throws `INVALID_REQUEST` for one that leads elsewhere. */
  async #confine(given: string): Promise<string> {
    const { roots } = this.#props;
    const path = isAbsolute(given) ? resolve(given) : resolve(roots[0] ?? '.', given);
    const real = join(await realFolder(dirname(path)), basename(path));
    for (const root of roots) {
      const rest = relative(await realFolder(root), real);
      if (rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest)) return real;
    }
    throw new SpectrumError('INVALID_REQUEST', `file: ${given} is outside of the folders for files of jobs`, {
      file: given,
    });
  }
}

/** The real path of the nearest folder that exists, with the rest behind it. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return dirname(folder) === folder ? folder : join(await realFolder(dirname(folder)), basename(folder));
  }
}

/** Gives files their names. Doing it again, or while another node does it, does no harm. */
export async function completeFiles(targets: readonly FileTarget[]): Promise<void> {
  for (const target of targets) await completeFile(target);
}

/** Removes what this and earlier owners of a run wrote and what has no name. */
export async function discardFiles(targets: readonly FileTarget[], run: string, epoch: number): Promise<void> {
  for (const { path } of targets) {
    for (let earlier = 1; earlier <= epoch; earlier++) await rm(temporaryOf(path, run, earlier), { force: true });
  }
}

function temporaryOf(path: string, run: string, epoch: number): string {
  return join(dirname(path), `.${basename(path)}.${run}-${epoch}${temporaryMark}`);
}

async function completeFile({ path, temporary, mode }: FileTarget): Promise<void> {
  if (mode !== 'refuse') {
    await rename(temporary, path).catch(ignoreMissing);
    return;
  }
  try {
    // Unlike a rename, a link fails when the name is taken.
    await link(temporary, path);
    await rm(temporary);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new SpectrumError('INVALID_REQUEST', `file: ${basename(path)} is there already and may not be replaced`, {
      file: path,
    });
  }
}

/** Gone already: whoever completed the file before did the work. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function toShape(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
}

/** Bytes are put together to few large writes, which suit a network file system. */
const writeBytes = 1_048_576;

class TemporaryFile implements OutputFile {
  readonly #handle: FileHandle;
  #size: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isClosed = false;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  static async open(path: string): Promise<TemporaryFile> {
    const handle = await open(path, 'a');
    return new TemporaryFile(handle, (await handle.stat()).size);
  }

  get sizeBytes(): number {
    return this.#size;
  }

  write(bytes: Uint8Array): void | Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#size += bytes.length;
    if (this.#waitingBytes >= writeBytes) return this.#flush();
  }

  async sync(): Promise<void> {
    await this.#flush();
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#flush().finally(() => this.#handle.close());
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (waiting.length > 0) await this.#handle.appendFile(Buffer.concat(waiting));
  }
}
