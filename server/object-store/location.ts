import { resolve } from 'node:path';
import { SpectrumError } from '../foundation/errors.ts';

/** Where an object lies: a file, or a key of a bucket. */
export type Location =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string };

/** Reads `s3://<bucket>/<key>`, or a path relative to the working folder; throws `INVALID_SETTING` for other schemes. */
export function parseLocation(text: string): Location {
  const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(text);
  if (s3) return { kind: 's3', bucket: String(s3[1]), key: String(s3[2]).replace(/\/+$/, '') };
  if (text !== '' && !/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'file', path: resolve(text) };
  throw new SpectrumError('INVALID_SETTING', `"${text}" is not a location; use a path or s3://<bucket>/<key>`, {
    given: text,
  });
}

export function formatLocation(location: Location): string {
  return location.kind === 'file' ? location.path : `s3://${location.bucket}/${location.key}`;
}

/** The object `name` in the folder, or below the prefix, `folder`. */
export function locationIn(folder: Location, name: string): Location {
  if (folder.kind === 'file') return { kind: 'file', path: resolve(folder.path, name) };
  return { ...folder, key: `${folder.key}/${name}` };
}

/** The folder, or prefix, and the last part of a location. */
export function splitLocation(location: Location): { readonly folder: Location; readonly name: string } {
  const text = location.kind === 'file' ? location.path : location.key;
  const at = text.lastIndexOf('/');
  const [parent, name] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  return location.kind === 'file'
    ? { folder: { kind: 'file', path: parent || '/' }, name }
    : { folder: { ...location, key: parent }, name };
}
