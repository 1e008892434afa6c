import type { ManifestSource } from '../reference-data/index.ts';
import type { PieceWork } from './work/piece-work.ts';

/** The next part of a file, and how many bytes of the file were read up to its end. */
export interface SourcePiece {
  readonly work: PieceWork;
  readonly bytesRead: number;
}

/** One file of address points or ranges; one file of code in `sources/` for each public format. */
export interface AddressSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Changes with the file and with how it is read. */
  readonly fingerprint: string;
  readonly manifest: ManifestSource;
  /** Lines of the file before its first piece. */
  readonly linesBefore: number;
  /** Starts again from the beginning at each call. */
  pieces(): AsyncIterable<SourcePiece>;
}
