import type { AddressPointRecord, AddressRangeRecord } from '../reference-data/index.ts';

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

export type VisitFact = (fact: AddressFact) => void;
