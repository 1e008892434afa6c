import type { ExitName } from './exit-codes.ts';

/** What the deployment, the image and the programs inside it agree on. */
export const containerPorts = {
  service: 8080,
  /** Open to the balancer's health check and the Lambdas only. */
  health: 8081,
} as const;

export const containerPaths = {
  application: '/app',
  referenceData: '/reference-data',
  jobFiles: '/job-files',
  temporary: '/tmp',
} as const;

/** Vintage that the loader builds from the packages in the image, and that a first start asks for. */
export const starterVintage = { database: 'starter', vintage: 'first' } as const;

/** Prefixes of the loader's bucket: sealed vintages to copy, `<database>/<vintage>/`, and files to build from. */
export const loaderPrefixes = { vintages: 'vintages', sources: 'sources' } as const;

/** Numeric, so that a host that knows no names still runs them; the loader owns the files that nodes only read. */
export const containerUsers = { node: 1000, loader: 1001 } as const;

/** First argument of the container. */
export const containerRoles = ['node', 'load', 'job'] as const;

export type ContainerRole = (typeof containerRoles)[number];

/** Endings of a `load` or `job` container after which another try ends the same way: the state machines make none. */
export const endingsNotRepeated = ['usage', 'inputRefused'] as const satisfies readonly ExitName[];
