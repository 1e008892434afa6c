/** What the deployment, the image and the programs inside it agree on. */
export const containerPorts = {
  service: 8080,
  /** Open to the balancer's health check and the Lambdas only. */
  health: 8081,
} as const;

export const containerPaths = {
  application: '/app',
  referenceData: '/reference-data',
  temporary: '/tmp',
} as const;

/** Vintage that the loader builds from the packages in the image, and that a first start asks for. */
export const starterVintage = { database: 'starter', vintage: 'first' } as const;

/** Numeric, so that a host that knows no names still runs them; the loader owns the files that nodes only read. */
export const containerUsers = { node: 1000, loader: 1001 } as const;

/** First argument of the container. */
export const containerRoles = ['node', 'load', 'job'] as const;

export type ContainerRole = (typeof containerRoles)[number];

/** How a `load` or `job` container ends; the state machines retry only what may pass another time. */
export const containerExitCodes = {
  done: 0,
  /** The world failed: file system, network, stopped host. Worth another try. */
  failed: 1,
  /** The arguments or the input are wrong: another try fails the same way. */
  refused: 64,
  /** Stopped by a signal before the end; the work is as if never started. */
  stopped: 143,
} as const;

/** Longest that a container may take from SIGTERM to its end (Fargate's own maximum). */
export const stopTimeoutMs = 120_000;

/** One file that a `load` or `job` container wrote. */
interface ResultFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
}

/** What a `load` or `job` container leaves beside its output, written last; without it the output does not count. */
export interface ResultManifest {
  readonly role: Exclude<ContainerRole, 'node'>;
  /** Database and vintage, or run and partition: `us-streets/2026.10`, `run-7/00042`. */
  readonly subject: string;
  readonly files: readonly ResultFile[];
  readonly records: number;
  readonly rejected: number;
}
