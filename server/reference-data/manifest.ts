/** `manifest.json`, written last: a folder without it is not a vintage. */
export interface Manifest {
  readonly format: number;
  readonly database: string;
  readonly vintage: string;
  /** What a steward would show on a screen: `demonstration` data must never be taken for a national file. */
  readonly purpose: 'production' | 'demonstration';
  /** ISO 8601, UTC. */
  readonly builtAt: string;
  readonly files: readonly ManifestFile[];
  readonly sources: readonly ManifestSource[];
  readonly counts: ManifestCounts;
  /** Only where the ranges of the sources tell. */
  readonly numbering?: BlockNumbering;
}

/**
 * How house numbers lie along the blocks of a place, read off those that side streets divide: the numbers passed in a
 * meter have the logarithm `logNumbersPerMeter + perLogLength * ln(length of the block / 100 m)`, with the standard
 * deviation `spread`.
 */
export interface BlockNumbering {
  readonly logNumbersPerMeter: number;
  readonly perLogLength: number;
  readonly spread: number;
  /** Breaks of divided blocks that were counted. */
  readonly count: number;
}

export interface ManifestFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
}

export interface ManifestSource {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** The sentence the licence asks us to show. */
  readonly attribution: string;
}

export interface ManifestCounts {
  readonly postalCodes: number;
  readonly streets: number;
  readonly points: number;
  readonly ranges: number;
  /** Points with a firm, streets with an urbanization, further names of streets; absent where there are none. */
  readonly firms?: number;
  readonly urbanizations?: number;
  readonly streetAliases?: number;
  readonly pointsByState: Readonly<Record<string, number>>;
}
