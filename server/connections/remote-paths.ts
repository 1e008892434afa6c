import { posix } from 'node:path';
import { SpectrumError } from '../foundation/errors.ts';
import { matchesGlob } from '../foundation/glob.ts';

/** Ends the names of files that are not whole yet. */
export const temporaryMark = '.spectrum-run';

/** The files of a folder whose names have the shape of the pattern's last part. Throws `INVALID_REQUEST` for none. */
export function matchNames(server: string, pattern: string, names: readonly string[]): readonly string[] {
  const shape = posix.basename(pattern);
  const isFile = (name: string) => !name.includes('/') && matchesGlob(shape, name);
  const found = names.filter((name) => isFile(name) && !name.endsWith(temporaryMark)).sort();
  if (found.length === 0) throw notThere(server, pattern);
  return found.map((name) => posix.join(posix.dirname(pattern), name));
}

export function notThere(server: string, path: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `file: ${path} is not on the file server ${server}`, { server, path });
}

/** A path below the folder of the server. Throws `INVALID_REQUEST` for one that leads elsewhere. */
export function placeBelow(server: string, folder: string, path: string): string {
  const placed = posix.normalize(posix.join(folder, path));
  const base = posix.normalize(`${folder}/`);
  const isBelow = base === './' ? !placed.startsWith('../') && !placed.startsWith('/') : placed.startsWith(base);
  if (isBelow && !placed.endsWith('/') && placed !== '.') return placed;
  const sentence = `file: ${path} is outside of the folder of the file server ${server}`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { server, path });
}
