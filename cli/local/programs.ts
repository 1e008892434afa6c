import { join } from 'node:path';
import { environment } from '../../contract/environment.ts';
import { leavingLimits } from '../../contract/health.ts';
import type { ChildProgram } from './child-process.ts';
import type { DataFolder } from './data-folder.ts';

/** The bundled scripts of a cluster. */
export interface ProgramScripts {
  readonly node: string;
  readonly builder: string;
  readonly tableServer: string;
  readonly balancer: string;
  readonly userAccess: string;
  readonly secretAccess: string;
}

/** The scripts beside the running bundle. */
export function bundledScripts(directory: string): ProgramScripts {
  return {
    node: join(directory, 'node.cjs'),
    builder: join(directory, 'builder.cjs'),
    tableServer: join(directory, 'embedded-dynamodb.cjs'),
    balancer: join(directory, 'balancer.cjs'),
    userAccess: join(directory, 'user-access.cjs'),
    secretAccess: join(directory, 'secret-access.cjs'),
  };
}

/** Nodes and the table server are reached by the balancer and each other only. */
export const innerHost = '127.0.0.1';

/** Settings of the user's shell that reach the nodes as they are. */
const passedThrough = [
  environment.logLevel,
  environment.processes,
  environment.programs,
  environment.jobMemoryMiB,
] as const;

export function tableServerProgram(scripts: ProgramScripts, folder: DataFolder, port: () => number): ChildProgram {
  return {
    name: 'configuration',
    script: scripts.tableServer,
    environment: () => ({ SPECTRUM_EMBEDDED_PATH: folder.configuration, SPECTRUM_EMBEDDED_PORT: String(port()) }),
  };
}

export function balancerProgram(scripts: ProgramScripts, host: string, port: () => number): ChildProgram {
  return {
    name: 'balancer',
    script: scripts.balancer,
    environment: () => ({ SPECTRUM_BALANCER_HOST: host, SPECTRUM_BALANCER_PORT: String(port()) }),
  };
}

/** A node group that is started with the cluster. */
export interface LocalGroup {
  readonly name: string;
  readonly services: readonly string[];
}

export interface NodeProgramSettings {
  readonly name: string;
  /** Undefined for nodes that run every service that no group runs. */
  readonly group: LocalGroup | undefined;
  readonly folder: DataFolder;
  readonly clusterName: string;
  /** Of the table server. */
  readonly endpoint: () => string;
  readonly password: string;
  /** `<database>/<vintage>` */
  readonly starterDatabase: string;
}

export function nodeProgram(scripts: ProgramScripts, settings: NodeProgramSettings): ChildProgram {
  const { name, group, folder, clusterName, endpoint, password, starterDatabase } = settings;
  return {
    name,
    script: scripts.node,
    environment: () => ({
      ...pickFromShell(),
      [environment.nodeName]: name,
      [environment.host]: innerHost,
      [environment.port]: '0',
      [environment.healthOnMainPort]: 'true',
      [environment.nodeGroup]: group?.name ?? '',
      [environment.services]: group?.services.join(',') ?? '',
      ...localTables(endpoint(), clusterName),
      [environment.referenceData]: folder.referenceData,
      [environment.auditArchive]: folder.auditArchive,
      [environment.jobFiles]: folder.jobFiles,
      [environment.secrets]: folder.secrets,
      [environment.starterDatabase]: starterDatabase,
      [environment.leaveMs]: String(leavingLimits.localLeaveMs),
      [environment.adminPassword]: password,
      // The table server accepts any; without them the SDK would look for real ones.
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    }),
  };
}

/** Where the processes of a cluster find its tables. */
export function localTables(endpoint: string, clusterName: string): Record<string, string> {
  return {
    [environment.clusterName]: clusterName,
    [environment.configurationTable]: 'spectrum',
    [environment.runtimeTable]: 'spectrum-runtime',
    [environment.configurationEndpoint]: endpoint,
  };
}

function pickFromShell(): Record<string, string> {
  const given = passedThrough.map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== ''));
}
