import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';
import type { RejectCounts } from '../rejects.ts';
import type { RunSlice } from './run-writer.ts';

/** What is known of a source once it was read to its end. */
export interface FinishedSource {
  readonly records: number;
  readonly rejects: RejectCounts;
  readonly slices: readonly RunSlice[];
}

const marker = 'finished.json';
const planFile = 'plan.json';
const lockFile = 'builder.pid';

/**
 * The folder of a build under way, beside its vintage. A source that was read to its end leaves a marker, so that a
 * builder which was killed goes on behind it; with other sources or settings the folder is begun anew.
 */
export class Workspace {
  private constructor(
    readonly folder: string,
    readonly vintageFolder: string,
  ) {}

  /** @param plan all that decides the content; throws `INVALID_SETTING` when another builder is at work there */
  static async open(vintageFolder: string, plan: string): Promise<Workspace> {
    const folder = `${vintageFolder}.sources`;
    await mkdir(folder, { recursive: true });
    await lock(folder);
    const space = new Workspace(folder, vintageFolder);
    await space.#removeLeftovers();
    const path = join(folder, planFile);
    if (!existsSync(path) || (await readFile(path, 'utf8')) !== plan) {
      for (const name of await readdir(folder)) {
        if (name !== lockFile) await rm(join(folder, name), { recursive: true, force: true });
      }
      await writeFile(path, plan);
    }
    return space;
  }

  sourceFolder(index: number): string {
    return join(this.folder, `source-${index}`);
  }

  async findFinished(index: number): Promise<FinishedSource | undefined> {
    const path = join(this.sourceFolder(index), marker);
    return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as FinishedSource) : undefined;
  }

  async finish(index: number, source: FinishedSource): Promise<void> {
    const path = join(this.sourceFolder(index), marker);
    await writeFile(`${path}.part`, JSON.stringify(source), { flush: true });
    await rename(`${path}.part`, path);
  }

  /** Lets another builder go on here. */
  async release(): Promise<void> {
    await rm(join(this.folder, lockFile), { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What killed builders of this vintage were writing. */
  async #removeLeftovers(): Promise<void> {
    const parent = dirname(this.vintageFolder);
    const prefix = `${basename(this.vintageFolder)}.building-`;
    for (const name of await readdir(parent)) {
      if (!name.startsWith(prefix) || isRunning(Number(name.slice(prefix.length)))) continue;
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

async function lock(folder: string): Promise<void> {
  const path = join(folder, lockFile);
  for (;;) {
    try {
      const handle = await open(path, 'wx');
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''));
    if (owner > 0 && isRunning(owner)) {
      const sentence = `${folder} is in use by the builder with process id ${owner}; wait for it or end it`;
      throw new SpectrumError('INVALID_SETTING', sentence, { folder, owner });
    }
    await rm(path, { force: true });
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return processId !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
