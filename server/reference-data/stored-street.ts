import type { StreetAlias, StreetRecord } from './records.ts';
import type { ChunkPlace, DirectoryEntry } from './street-directory.ts';

/** A street that remembers where its addresses lie; as a value it is a `StreetRecord` and nothing more. */
export class StoredStreet implements StreetRecord {
  readonly postalCode: string;
  readonly predirectional: string;
  readonly name: string;
  readonly suffix: string;
  readonly postdirectional: string;
  readonly city: string;
  readonly urbanization: string | undefined;
  readonly alias: StreetAlias | undefined;
  readonly #pointChunks: readonly ChunkPlace[];
  readonly #rangeChunks: readonly ChunkPlace[];
  readonly #firstDataBlock: number;

  constructor(entry: DirectoryEntry, firstDataBlock: number) {
    this.postalCode = entry.street.postalCode;
    this.predirectional = entry.street.predirectional;
    this.name = entry.street.name;
    this.suffix = entry.street.suffix;
    this.postdirectional = entry.street.postdirectional;
    this.city = entry.street.city;
    this.urbanization = entry.street.urbanization;
    this.alias = entry.street.alias;
    this.#pointChunks = entry.pointChunks;
    this.#rangeChunks = entry.rangeChunks;
    this.#firstDataBlock = firstDataBlock;
  }

  static isStored(street: StreetRecord): street is StoredStreet {
    return #pointChunks in street;
  }

  get pointChunks(): readonly ChunkPlace[] {
    return this.#pointChunks;
  }

  get rangeChunks(): readonly ChunkPlace[] {
    return this.#rangeChunks;
  }

  get firstDataBlock(): number {
    return this.#firstDataBlock;
  }
}
