import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SpectrumError } from '../foundation/errors.ts';
import type { Location } from './location.ts';
import type { ByteRange, ObjectFacts, ObjectStore } from './store.ts';

/** Objects as files. */
export class FileStore implements ObjectStore {
  async find(location: Location): Promise<ObjectFacts | undefined> {
    const facts = await stat(pathOf(location), { bigint: true }).catch(absentOnly);
    return facts?.isFile() ? { sizeBytes: Number(facts.size), mark: `${facts.size}-${facts.mtimeNs}` } : undefined;
  }

  async read(location: Location, { from, to }: ByteRange, mark: string): Promise<Uint8Array> {
    const path = pathOf(location);
    const found = await this.find(location);
    if (found?.mark !== mark) throw new SpectrumError('OBJECT_CHANGED', `${path} changed while it was read`, { path });
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(to, found.sizeBytes) - from));
      for (let read = 0; read < bytes.length; ) {
        const { bytesRead } = await file.read(bytes, read, bytes.length - read, from + read);
        if (bytesRead === 0) throw new SpectrumError('OBJECT_CHANGED', `${path} became shorter while it was read`);
        read += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async stage(location: Location): Promise<string> {
    const path = pathOf(location);
    await mkdir(dirname(path), { recursive: true });
    // Beside the object: a link does not reach another file system.
    return `${path}.${randomUUID()}.tmp`;
  }

  async publish(stagedPath: string, location: Location): Promise<'written' | 'exists'> {
    const staged = await open(stagedPath, 'r');
    await staged.sync().finally(() => staged.close());
    try {
      // Unlike a rename, a link never replaces what is there.
      await link(stagedPath, pathOf(location));
      return 'written';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
      throw error;
    } finally {
      await rm(stagedPath, { force: true });
    }
  }

  close(): void {
    // Nothing is held open between calls.
  }
}

function pathOf(location: Location): string {
  if (location.kind !== 'file') throw new TypeError(`${location.kind} is not a file`);
  return location.path;
}

function absentOnly(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
