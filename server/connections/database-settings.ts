import { SpectrumError } from '../foundation/errors.ts';

/** Value of the kind `connection` of the configuration. */
export interface ConnectionDefinition {
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Reference of the password. */
  readonly secret?: string | undefined;
}

/** Where a database server is and how it is entered. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** False for a connection that is not encrypted. */
  readonly tls: false | { readonly rejectUnauthorized: boolean; readonly ca?: string };
  readonly connectMs: number;
  /** How long one statement may take, or the next rows of one that is read; 0 for as long as it likes. */
  readonly statementMs: number;
}

export type DatabaseSettings =
  | { readonly kind: 'postgresql' | 'mysql'; readonly server: ServerSettings }
  | { readonly kind: 'sqlite'; readonly file: string };

const connectMs = 15_000;
const serverTypes = {
  postgresql: { kind: 'postgresql', port: 5432 },
  mysql: { kind: 'mysql', port: 3306 },
  mariadb: { kind: 'mysql', port: 3306 },
} as const;
const typeNames = [...Object.keys(serverTypes), 'sqlite', 'jdbc'];
/** A sort of a large table takes minutes; whatever takes longer than this is stuck behind a lock more often than not. */
const statementSeconds = '600';
const serverMembers = ['host', 'port', 'database', 'user', 'tls', 'certificates', 'statementSeconds'];

/** Reads the settings of a database connection. Throws `INVALID_REQUEST` naming connection and setting. */
export function readDatabaseSettings(name: string, { type, settings }: ConnectionDefinition): DatabaseSettings {
  if (type === 'jdbc') return readDatabaseSettings(name, fromJdbc(name, settings));
  if (type === 'sqlite') {
    assertMembers(name, settings, ['file']);
    return { kind: 'sqlite', file: required(name, settings, 'file') };
  }
  const known = Object.hasOwn(serverTypes, type) ? serverTypes[type as keyof typeof serverTypes] : undefined;
  if (known === undefined) throw refuse(name, 'type', type, typeNames.join(', '));
  assertMembers(name, settings, serverMembers);
  const host = required(name, settings, 'host');
  const server = {
    host,
    port: readPort(name, settings.port ?? String(known.port)),
    database: required(name, settings, 'database'),
    user: required(name, settings, 'user'),
    tls: readTls(name, settings, host),
    connectMs,
    statementMs: readSeconds(name, settings.statementSeconds ?? statementSeconds) * 1_000,
  };
  return { kind: known.kind, server };
}

/** `jdbc:postgresql://host:5432/database`; what follows a question mark is for drivers of Java and not for these. */
function fromJdbc(name: string, { url = '', ...settings }: ConnectionDefinition['settings']): ConnectionDefinition {
  const [, type, host, port, database] =
    /^jdbc:(postgresql|mysql|mariadb):\/\/([^:/?]+)(?::(\d+))?\/([^/?]+)(?:\?.*)?$/.exec(url) ?? [];
  if (type === undefined || host === undefined || database === undefined) {
    throw refuse(name, 'url', url, 'jdbc:<postgresql, mysql or mariadb>://<host>:<port>/<database>');
  }
  return { type, settings: { host, database, ...(port !== undefined && { port }), ...settings } };
}

function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw refuse(name, 'port', text, 'a whole number from 1 to 65535');
  return port;
}

function readSeconds(name: string, text: string): number {
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= 86_400) return seconds;
  throw refuse(name, 'statementSeconds', text, 'a whole number from 0, for no limit, to 86400');
}

/** Encrypted and checked, unless the settings say otherwise; a socket of this machine is neither. */
function readTls(name: string, settings: ConnectionDefinition['settings'], host: string): ServerSettings['tls'] {
  const { tls = 'verify', certificates } = settings;
  if (host.startsWith('/')) return false;
  switch (tls) {
    case 'off':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    case 'verify':
      return { rejectUnauthorized: true, ...(certificates !== undefined && { ca: certificates }) };
    default:
      throw refuse(name, 'tls', tls, 'verify, require or off');
  }
}

function required(name: string, settings: ConnectionDefinition['settings'], member: string): string {
  const value = settings[member] ?? '';
  if (value !== '') return value;
  throw new SpectrumError('INVALID_REQUEST', `connection ${name}: ${member} is missing; set it`, { connection: name });
}

function assertMembers(name: string, settings: ConnectionDefinition['settings'], allowed: readonly string[]): void {
  const unknown = Object.keys(settings).find((member) => !allowed.includes(member));
  if (unknown !== undefined) throw refuse(name, 'settings', unknown, allowed.join(', '));
}

function refuse(name: string, member: string, given: string, allowed: string): SpectrumError {
  const sentence = `connection ${name}: ${member}: ${JSON.stringify(given)} is not allowed; use ${allowed}`;
  return new SpectrumError('INVALID_REQUEST', sentence, { connection: name, given, allowed });
}
