import type { AddressPointRecord, AddressRangeRecord, ManifestSource } from '../reference-data/index.ts';

/** What one record of an address file says; `line` is its line, or the number of the record where there are no lines. */
export type AddressFact =
  | {
      readonly kind: 'point';
      readonly line: number;
      /** Five digits, or empty where the file has none. */
      readonly postalCode: string;
      /** Two letters, or empty where the file has none. */
      readonly stateProvince: string;
      /** `toStreetKey` of the street, city included. */
      readonly streetKey: string;
      readonly point: AddressPointRecord;
    }
  | {
      readonly kind: 'range';
      readonly line: number;
      readonly postalCode: string;
      readonly streetKey: string;
      readonly range: AddressRangeRecord;
    }
  | { readonly kind: 'reject'; readonly line: number; readonly reason: string };

/** Facts in the order of the file, and how many of its bytes were read so far. */
export interface AddressBatch {
  readonly facts: readonly AddressFact[];
  readonly bytesRead: number;
}

/** One file of address points or ranges; one file of code in `sources/` for each public format. */
export interface AddressSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Changes with the file and with how it is read. */
  readonly fingerprint: string;
  readonly manifest: ManifestSource;
  /** Starts again from the beginning at each call. */
  read(): AsyncIterable<AddressBatch>;
}
