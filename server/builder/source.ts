import type {
  AddressPointRecord,
  Coordinates,
  ForeignPlace,
  ManifestSource,
  PostalCodeRecord,
  StreetRecord,
} from '../reference-data/index.ts';

/** What a source says, one fact at a time; the merge decides which of several facts on one thing stays. */
export type SourceFact =
  | { readonly kind: 'postal-code'; readonly postalCode: Omit<PostalCodeRecord, 'kind'> }
  | { readonly kind: 'foreign-place'; readonly place: ForeignPlace }
  /** Better than the centroid that came with a postal code. */
  | { readonly kind: 'centroid'; readonly code: string; readonly stateProvince: string; readonly centroid: Coordinates }
  | {
      readonly kind: 'point';
      readonly street: StreetRecord;
      readonly stateProvince: string;
      readonly point: AddressPointRecord;
    }
  /** A record that is left out; `place` is where it stands, such as `US.txt:12`. */
  | { readonly kind: 'reject'; readonly place: string; readonly reason: string };

/** One public file in one public format. Sources are read in the order of the recipe; the first fact of a kind stays. */
export interface Source {
  readonly step: string;
  readonly manifest: ManifestSource;
  read(): Promise<SourceFacts>;
}

interface SourceFacts {
  /** Records in the file, for progress. */
  readonly total: number;
  readonly facts: Iterable<SourceFact>;
}
