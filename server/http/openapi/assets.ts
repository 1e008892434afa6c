import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { SpectrumError } from '../../foundation/errors.ts';

/** A file of the explorer, ready to be sent. */
export interface Asset {
  readonly contentType: string;
  readonly compressed: Buffer;
}

/** The files of the package `swagger-ui-dist` that the page loads; both build scripts copy exactly these. */
const contentTypes: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript;charset=utf-8',
  'swagger-ui.css': 'text/css;charset=utf-8',
};

export const assetNames: readonly string[] = Object.keys(contentTypes);

/** Reads files of the explorer from `folder` when first asked, as most nodes never are. */
export class ExplorerAssets {
  readonly #folder: string;
  readonly #read = new Map<string, Promise<Asset>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Rejects with `UNKNOWN_PATH` when the file was not installed with this server. */
  find(name: string): Promise<Asset> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const asset = this.#load(name);
    this.#read.set(name, asset);
    asset.catch(() => this.#read.delete(name));
    return asset;
  }

  async #load(name: string): Promise<Asset> {
    const contentType = contentTypes[name] ?? 'application/octet-stream';
    try {
      return { contentType, compressed: await promisify(gzip)(await readFile(join(this.#folder, name))) };
    } catch (error) {
      throw new SpectrumError(
        'UNKNOWN_PATH',
        `${name} was not installed with this server; the description itself is at /openapi.json`,
        { file: name },
        { cause: error },
      );
    }
  }
}
