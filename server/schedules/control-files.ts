import { mkdir, readdir, readFile, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isBelow } from '../foundation/below.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { matchesGlob } from '../foundation/glob.ts';

/** What a control file says, and where it went. */
export interface ControlFile {
  readonly files: Readonly<Record<string, string>>;
}

/** Folder beside the files that start schedules, which takes those that did. */
const takenFolder = '.taken';
const longestFile = 1_000_000;

/** Files that start schedules, below the folder for files of jobs. */
export class ControlFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  /** Paths of the files that are there, by name; none where the folder is missing. */
  async list(pattern: string): Promise<readonly string[]> {
    const path = await this.#confine(pattern);
    const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
    const names = entries
      .filter((entry) => entry.isFile() && matchesGlob(basename(path), entry.name))
      .map(({ name }) => name);
    return names.sort().map((name) => join(dirname(pattern), name));
  }

  /**
   * Moves the file away, so that it starts nothing more, and reads it; a file that an earlier attempt has moved is read
   * where it is. Undefined when it is in neither place. Throws `INVALID_REQUEST` for one that cannot be understood.
   */
  async take(file: string, fire: string): Promise<ControlFile | undefined> {
    const path = await this.#confine(file);
    const taken = join(dirname(path), takenFolder, `${fire}-${basename(path)}`);
    await mkdir(dirname(taken), { recursive: true });
    const isTaken = await stat(taken).then(
      () => true,
      () => false,
    );
    // A file delivered again under the same name belongs to the next fire.
    if (!isTaken) {
      try {
        await rename(path, taken);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    }
    if ((await stat(taken)).size > longestFile) throw refuse(file, `is larger than ${longestFile} bytes`);
    return { files: parseOverrides(file, await readFile(taken, 'utf8')) };
  }

  /** Throws `INVALID_REQUEST` for a path that leads out of the folder for files of jobs, by links too. */
  async #confine(path: string): Promise<string> {
    const whole = resolve(this.#root, path);
    const folder = await realpath(dirname(whole)).catch(() => dirname(whole));
    const root = await realpath(this.#root).catch(() => this.#root);
    const real = join(folder, basename(whole));
    if (!isBelow(root, real)) throw refuse(path, 'is outside of the folder for files of jobs');
    return real;
  }
}

/** Lines as `Stage label=path`; empty ones and those that begin with # say nothing. */
function parseOverrides(file: string, text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).map((line, index) => [index + 1, line.trim()] as const);
  const pairs = lines
    .filter(([, line]) => line !== '' && !line.startsWith('#'))
    .map(([number, line]) => {
      const [, label, path] = /^([^=]+)=(.+)$/.exec(line) ?? [];
      if (label === undefined || path === undefined) {
        throw refuse(file, `line ${number} is not allowed; use <label of the stage>=<path>`);
      }
      return [label.trim(), path.trim()] as const;
    });
  return Object.fromEntries(pairs);
}

function refuse(file: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `control file ${file}: ${problem}`, { file });
}
