/**
 * The container role `job`: one plan, cut into partitions, each run by a task of its own. Locations are paths or
 * `s3://<bucket>/<key>`; nothing that a plan names is ever changed by a run.
 *
 *     job plan <folder>/plan.json            writes <folder>/partitions.json, the list that a distributed map reads
 *     job partition <folder>/plan.json --partition 42 --bytes 1048576-2097152 --first-line 8421
 *                                            writes part-00042.csv and, last, part-00042.manifest.json
 *
 * Both may run any number of times, also at once: what is written once stays, and a second writer finds it.
 */
export const jobFiles = { plan: 'plan.json', partitions: 'partitions.json' } as const;

/** Prefixes of the bucket of large jobs: plans with their partitions, what jobs read, what they write. */
export const jobPrefixes = { runs: 'runs', input: 'input', output: 'output' } as const;

/** What a run does to which rows; written before the run, by whoever orders it. */
export interface JobPlan {
  readonly format: 1;
  /** Letters, digits, `.`, `_` and `-`, at most 64. */
  readonly run: string;
  /** What is done to each row. */
  readonly step: ServiceStep;
  /** Delimited text in UTF-8 (RFC 4180) whose first record names the columns. */
  readonly input: { readonly location: string; readonly delimiter: ',' | '\t' | '|' | ';' };
  /** Folder, or bucket and prefix, of the partitions' files. */
  readonly output: { readonly location: string };
  /** Aim at five minutes of work; the start of a task takes half a minute. */
  readonly rowsPerPartition: number;
  /** `<database>/<vintage>` by name of database resource; the first one answers where no option names any. */
  readonly databases: Readonly<Record<string, string>>;
}

/** A registered service; columns named as its input fields are its input, all others are passed through. */
interface ServiceStep {
  readonly kind: 'service';
  readonly service: string;
  /** As a caller of the service would send them; defaults for all others. */
  readonly options: Readonly<Record<string, string>>;
}

/** One element of `partitions.json`: what a task of the run is started with. */
export interface JobPartition {
  readonly arguments: readonly ['job', 'partition', plan: string, ...flags: string[]];
}

/** One file that a `job` container wrote. */
interface ResultFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
}

/**
 * What a partition leaves beside its output, written last; without it the output does not count. A loader leaves the
 * vintage's own `manifest.json` instead.
 */
export interface ResultManifest {
  readonly role: 'job';
  /** Run and partition: `run-7/00042`. */
  readonly subject: string;
  /** SHA-256 of the plan's text: a plan of the same name but other content never takes over a result. */
  readonly plan: string;
  readonly files: readonly ResultFile[];
  /** Rows that were answered. */
  readonly records: number;
  /** Rows that are no rows of the file, listed with line and reason in `part-<number>.rejects.csv`. */
  readonly rejected: number;
}
