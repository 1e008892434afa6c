import { hostname } from 'node:os';
import { environment } from '../contract/environment.ts';
import { healthLimits } from '../contract/health.ts';
import { SpectrumError } from './foundation/errors.ts';

/** How one environment variable becomes a value; `parse` returns undefined for a text that is not allowed. */
interface Setting<Value> {
  readonly variable: string;
  readonly allowed: string;
  readonly defaultValue: Value;
  parse(text: string): Value | undefined;
}

/** Everything a node reads from its environment. Defaults are here and nowhere else. */
const table = {
  nodeName: text(environment.nodeName, hostname()),
  clusterName: matching(environment.clusterName, 'spectrum', /^[\w.-]{1,64}$/, '1 to 64 letters, digits, . _ or -'),
  host: text(environment.host, '0.0.0.0'),
  port: integer(environment.port, 8080, 0, 65_535),
  healthPort: optionalInteger(environment.healthPort, 0, 65_535),
  healthOnMainPort: flag(environment.healthOnMainPort, true),
  configurationTable: text(environment.configurationTable, 'spectrum'),
  region: matching(environment.region, '', /^[a-z0-9-]{1,40}$/, 'an AWS region such as us-east-1'),
  homeRegion: matching(environment.homeRegion, '', /^[a-z0-9-]{1,40}$/, 'an AWS region such as us-east-1'),
  configurationEndpoint: matching(
    environment.configurationEndpoint,
    '',
    /^https?:\/\/\S+$/,
    'a URL such as http://127.0.0.1:8000',
  ),
  runtimeTable: text(environment.runtimeTable, ''),
  address: text(environment.address, ''),
  auditArchive: text(environment.auditArchive, ''),
  auditDays: integer(environment.auditDays, 90, 1, 36_500),
  metadataUri: text(environment.metadataUri, ''),
  nodeGroup: text(environment.nodeGroup, ''),
  referenceData: text(environment.referenceData, 'reference-data'),
  starterDatabase: matching(
    environment.starterDatabase,
    '',
    /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/,
    '<database>/<vintage>',
  ),
  leaveMs: integer(environment.leaveMs, healthLimits.deregistrationMs, 0, 600_000),
  adminPassword: text(environment.adminPassword, ''),
  processes: integer(environment.processes, 1, 1, 64),
  logLevel: matching(
    environment.logLevel,
    'info',
    /^(fatal|error|warn|info|debug|trace|silent)$/,
    'fatal, error, warn, info, debug, trace or silent',
  ),
  accessLog: flag(environment.accessLog, false),
  bodyLimitBytes: integer(environment.bodyLimitBytes, 8 * 2 ** 20, 1_024, 2 ** 30),
  rowLimit: integer(environment.rowLimit, 5_000, 1, 1_000_000),
  services: list(environment.services),
  jobFiles: text(environment.jobFiles, ''),
  secrets: text(environment.secrets, ''),
  jobRuns: integer(environment.jobRuns, 1, 0, 64),
  jobMemoryMiB: integer(environment.jobMemoryMiB, 1_024, 128, 65_536),
  programs: programs(environment.programs),
} as const satisfies Record<string, Setting<unknown>>;

type Table = typeof table;

/** Settings of one node; the names are those of the table, defaults filled in. */
export type NodeSettings = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

/** Reads the environment once, at the start. Throws `INVALID_SETTING` naming the variable and what it allows. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): NodeSettings {
  const entries = Object.entries(table).map(([name, setting]) => [name, readSetting(setting, variables)]);
  return Object.freeze(Object.fromEntries(entries)) as NodeSettings;
}

function readSetting(setting: Setting<unknown>, variables: Readonly<Record<string, string | undefined>>): unknown {
  const given = variables[setting.variable];
  if (given === undefined || given === '') return setting.defaultValue;
  const value = setting.parse(given);
  if (value !== undefined) return value;
  throw new SpectrumError(
    'INVALID_SETTING',
    `${setting.variable}: ${JSON.stringify(given)} is not allowed; use ${setting.allowed}`,
    { variable: setting.variable, given, allowed: setting.allowed },
  );
}

function text(variable: string, defaultValue: string): Setting<string> {
  return { variable, defaultValue, allowed: 'any text', parse: (given) => given };
}

function matching(variable: string, defaultValue: string, pattern: RegExp, allowed: string): Setting<string> {
  return { variable, defaultValue, allowed, parse: (given) => (pattern.test(given) ? given : undefined) };
}

function integer(variable: string, defaultValue: number, minimum: number, maximum: number): Setting<number> {
  const parse = (given: string) => parseInteger(given, minimum, maximum);
  return { variable, defaultValue, allowed: `a whole number from ${minimum} to ${maximum}`, parse };
}

function optionalInteger(variable: string, minimum: number, maximum: number): Setting<number | undefined> {
  return { ...integer(variable, minimum, minimum, maximum), defaultValue: undefined };
}

function parseInteger(given: string, minimum: number, maximum: number): number | undefined {
  const value = /^\d{1,12}$/.test(given) ? Number(given) : Number.NaN;
  return value >= minimum && value <= maximum ? value : undefined;
}

function flag(variable: string, defaultValue: boolean): Setting<boolean> {
  const parse = (given: string) => ({ true: true, false: false })[given];
  return { variable, defaultValue, allowed: 'true or false', parse };
}

/** Absolute paths by names. */
function programs(variable: string): Setting<Readonly<Record<string, string>>> {
  const parse = (given: string) => {
    const entries = given.split(',').map((one) => /^\s*([\w.-]+)=(\/[^,]*[^,\s])\s*$/.exec(one)?.slice(1) ?? []);
    return entries.every(({ length }) => length === 2) ? Object.fromEntries(entries) : undefined;
  };
  return { variable, defaultValue: {}, allowed: '<name>=</absolute/path> by commas', parse };
}

/** Words by commas. */
function list(variable: string): Setting<readonly string[]> {
  const parse = (given: string) =>
    given
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  return { variable, defaultValue: [], allowed: 'names by commas', parse };
}
