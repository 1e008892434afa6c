import type { AddressPointRecord, AddressRangeRecord, StreetAliasType } from '../reference-data/index.ts';

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
  /** A further name of a street. */
  | {
      readonly kind: 'alias';
      readonly line: number;
      readonly postalCode: string;
      /** `toStreetKey` of the base street. */
      readonly streetKey: string;
      readonly type: StreetAliasType;
      /** `toStreetKey` of the alias. */
      readonly aliasKey: string;
    }
  | { readonly kind: 'reject'; readonly line: number; readonly reason: string };

export type VisitFact = (fact: AddressFact) => void;
