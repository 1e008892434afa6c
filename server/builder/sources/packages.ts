import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SpectrumError } from '../../foundation/errors.ts';

/** An installed npm package whose files are read as data. */
export interface DataPackage {
  readonly folder: string;
  readonly version: string;
}

/** `require.resolve` of the running program: it alone knows where its packages are installed. */
export type ResolvePackage = (name: string) => string;

/** Throws `INVALID_SETTING` when the package is not installed. */
export function findDataPackage(name: string, resolve: ResolvePackage): DataPackage {
  let folder: string;
  try {
    folder = dirname(resolve(name));
  } catch (cause) {
    const sentence = `The package ${name}, a source of the starter database, is not installed; run npm ci`;
    throw new SpectrumError('INVALID_SETTING', sentence, { package: name }, { cause });
  }
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder, version };
}
