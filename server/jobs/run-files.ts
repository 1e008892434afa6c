import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, realpath, rm, stat, truncate } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileAccess, OutputFile } from '../dataflow/index.ts';
import { isBelow } from '../foundation/below.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { matchesGlob } from '../foundation/glob.ts';
import {
  type FileMark,
  type FileTarget,
  markOf,
  refuseExisting,
  temporaryMark,
  temporaryOf,
} from './file-completion.ts';
import { TemporaryFile } from './temporary-file.ts';

export interface RunFilesProps {
  /** Folders that runs may read and write; a relative path is looked up below the first one. */
  readonly roots: readonly string[];
  readonly run: string;
  /** Counts owners of the run. What an owner writes carries it, so that an earlier one that wakes up disturbs nobody. */
  readonly epoch: number;
}

type CreateOptions = Parameters<FileAccess['create']>[1];

/**
 * Files of one run on a file system. Nothing is seen under its name before `completeFiles`; until then each owner of the
 * run writes a file of its own and begins with what the owner before it had made durable.
 */
export class RunFiles implements FileAccess {
  readonly #props: RunFilesProps;
  readonly #targets = new Map<string, FileTarget>();

  constructor(props: RunFilesProps) {
    this.#props = props;
  }

  async list(pattern: string): Promise<readonly string[]> {
    const path = await this.#confine(pattern);
    const names = await readdir(dirname(path)).catch(() => [] as string[]);
    const found = names.filter((name) => matchesGlob(basename(path), name) && !name.endsWith(temporaryMark)).sort();
    if (found.length > 0) return found.map((name) => join(dirname(pattern), name));
    const sentence = `file: ${pattern} is not there; put it below the folder for files of jobs`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { file: pattern });
  }

  async *read(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
    const file = await this.#confineFile(path);
    yield* createReadStream(file, { start: fromByte, highWaterMark: 262_144 }) as AsyncIterable<Uint8Array>;
  }

  async sizeBytes(path: string): Promise<number> {
    return (await stat(await this.#confineFile(path))).size;
  }

  async create(given: string, { mode, continueAt, appendedTo, server }: CreateOptions): Promise<OutputFile> {
    const path = server === undefined ? await this.#confine(given) : await this.#confine(uploadPath(server, given));
    if (this.#targets.has(path)) {
      const sentence = `file: two stages write ${given}; give one of them another name`;
      throw new SpectrumError('INVALID_REQUEST', sentence, { file: given });
    }
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryOf(path, this.#props.run, this.#props.epoch);
    const mark =
      continueAt === undefined
        ? await this.#begin(given, path, temporary, mode)
        : ((appendedTo ?? undefined) as FileMark | undefined);
    this.#targets.set(path, {
      path,
      temporary,
      mode,
      ...(mark && { appendedTo: mark }),
      ...(server !== undefined && { upload: { server, path: given } }),
    });
    if (continueAt !== undefined) await this.#takeOver(path, temporary, continueAt);
    return TemporaryFile.open(temporary, mark);
  }

  /** The files written so far. */
  targets(): readonly FileTarget[] {
    return [...this.#targets.values()];
  }

  /** Puts what the file begins with into place; what that was, for a file that is appended to. */
  async #begin(
    given: string,
    path: string,
    temporary: string,
    mode: CreateOptions['mode'],
  ): Promise<FileMark | undefined> {
    const mark = await markOf(path);
    // Hours of work must not end in a refusal that is certain now.
    if (mode === 'refuse' && mark !== undefined) throw refuseExisting(path);
    await rm(temporary, { force: true });
    if (mode !== 'append' || mark === undefined) return undefined;
    await copyFile(await this.#confineFile(given), temporary);
    return mark;
  }

  /** What the newest earlier owner wrote up to its checkpoint is the beginning of this owner's file. */
  async #takeOver(path: string, temporary: string, continueAt: number): Promise<void> {
    for (let epoch = this.#props.epoch - 1; epoch > 0; epoch--) {
      const earlier = temporaryOf(path, this.#props.run, epoch);
      const size = await stat(earlier).then(
        (found) => found.size,
        () => -1,
      );
      if (size < continueAt) continue;
      await copyFile(earlier, temporary);
      await truncate(temporary, continueAt);
      return;
    }
    const sentence = `${basename(path)}: ${continueAt} bytes of an earlier owner of the run are gone`;
    throw new SpectrumError('INTERNAL', sentence, { run: this.#props.run });
  }

  /** The real path below a root of a file that is there. */
  async #confineFile(given: string): Promise<string> {
    const path = await this.#confine(given);
    const real = await realpath(path);
    // The last part of a path may be a link too, which whoever delivers files has made.
    if (real !== path) await this.#assertInside(given, real);
    return real;
  }

  /** The path below a root, links of its folders followed. Throws `INVALID_REQUEST` for one that leads elsewhere. */
  async #confine(given: string): Promise<string> {
    const path = isAbsolute(given) ? resolve(given) : resolve(this.#props.roots[0] ?? '.', given);
    const real = join(await realFolder(dirname(path)), basename(path));
    await this.#assertInside(given, real);
    return real;
  }

  async #assertInside(given: string, real: string): Promise<void> {
    for (const root of this.#props.roots) {
      if (isBelow(await realFolder(root), real)) return;
    }
    const sentence = `file: ${given} is outside of the folders for files of jobs`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { file: given });
  }
}

/** Where a file stands until it goes to its server: every owner of the run finds it there. */
function uploadPath(server: string, path: string): string {
  return join('.uploads', createHash('sha256').update(`${server}\0${path}`).digest('hex'));
}

/** The real path of the nearest folder that exists, with the rest behind it. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return dirname(folder) === folder ? folder : join(await realFolder(dirname(folder)), basename(folder));
  }
}
