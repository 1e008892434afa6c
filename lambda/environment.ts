import { type WatchedService, watchEnvironment } from '../contract/watching.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What every watching Lambda is told about its cluster. */
export interface WatchSettings {
  readonly cluster: string;
  readonly ecsCluster: string;
  readonly services: readonly WatchedService[];
  readonly healthPort: number;
  readonly runtimeTable: string;
  readonly stopUnhealthyNodes: boolean;
  readonly clockSkewMs: number;
  readonly awsEndpoint: string | undefined;
}

/** Reads the settings of a Lambda that watches nodes; throws when the deployment left one out. */
export function readWatchSettings(variables: Variables): WatchSettings {
  return {
    cluster: required(variables, watchEnvironment.cluster),
    ecsCluster: required(variables, watchEnvironment.ecsCluster),
    services: JSON.parse(required(variables, watchEnvironment.services)) as readonly WatchedService[],
    healthPort: Number(required(variables, watchEnvironment.healthPort)),
    runtimeTable: required(variables, watchEnvironment.runtimeTable),
    stopUnhealthyNodes: variables[watchEnvironment.stopUnhealthyNodes] === 'true',
    clockSkewMs: Number(required(variables, watchEnvironment.clockSkewMs)),
    awsEndpoint: variables[watchEnvironment.awsEndpoint] || undefined,
  };
}

/** Value of a variable that the deployment always sets. */
export function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`${name} is not set; the deployment sets it`);
  return value;
}
