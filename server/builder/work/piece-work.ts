import type { Fallback } from '../sources/address-standard.ts';
import type { ColumnMap } from '../sources/column-map.ts';

/** What the header line of a file and the map given for it say. */
export interface DelimitedLayout {
  readonly path: string;
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly map: ColumnMap | undefined;
}

/** A part of a file that can be read by itself, on any thread. Bytes hold whole rows. */
export type PieceWork =
  | {
      readonly kind: 'delimited';
      readonly layout: DelimitedLayout;
      readonly fallback: Fallback;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'geojson'; readonly fallback: Fallback; readonly bytes: Uint8Array }
  /** A shapefile set, read whole. */
  | { readonly kind: 'ranges'; readonly fallback: Fallback; readonly path: string };
