import type { Location } from './location.ts';

/** What is known of an object without reading it. */
export interface ObjectFacts {
  readonly sizeBytes: number;
  /** Differs once the content does: a read that names it fails instead of mixing two contents. */
  readonly mark: string;
}

/** First byte and the one after the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Files and S3 objects alike: whole objects are written once, read in parts. */
export interface ObjectStore {
  /** Undefined when nothing is there. */
  find(location: Location): Promise<ObjectFacts | undefined>;
  /** Throws `OBJECT_CHANGED` when the object no longer has that mark. */
  read(location: Location, range: ByteRange, mark: string): Promise<Uint8Array>;
  /** Path of a file to write before `publish`; the folder is there. */
  stage(location: Location): Promise<string>;
  /** Makes a staged file the object unless one is there already; the staged file is gone either way. */
  publish(stagedPath: string, location: Location, sha256: string): Promise<'written' | 'exists'>;
  close(): void;
}
