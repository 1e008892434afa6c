import type { FileServerAccess, RemoteFiles, SecretReader } from '../dataflow/index.ts';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { openBucket } from '../object-store/index.ts';
import { serverFailed } from './driver.ts';
import { matchNames, placeBelow } from './remote-paths.ts';
import { openSftpFiles } from './sftp-files.ts';
import type { RunOwner } from './sftp-temporaries.ts';

/** Value of the kind `file-server` of the configuration. */
export interface FileServerDefinition {
  readonly type: string;
  readonly host: string;
  readonly port?: number | undefined;
  readonly user: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secret?: string | undefined;
}

export interface FileServersProps {
  /** Definitions of the configuration by name. */
  readonly servers: Readonly<Record<string, FileServerDefinition>>;
  readonly secrets: SecretReader;
  readonly owner: RunOwner;
}

const settingsOf: Readonly<Record<string, readonly string[]>> = {
  sftp: ['folder', 'hostKey'],
  s3: ['folder', 'region', 'endpoint'],
};

/** The file servers of one run. Nothing is loaded or opened before a stage asks for it. */
export function openFileServers({ servers, secrets, owner }: FileServersProps): FileServerAccess {
  return {
    async open(name) {
      const server = servers[name];
      if (server === undefined) throw unknownServer(name, Object.keys(servers));
      assertSettings(name, server);
      const secret = server.secret === undefined ? '' : await secrets.resolve(server.secret);
      const open = server.type === 'sftp' ? openSftp : openS3;
      const files = await open(name, server, secret, owner);
      return belowFolder(name, server.settings.folder ?? '.', files);
    },
  };
}

async function openSftp(
  name: string,
  server: FileServerDefinition,
  secret: string,
  owner: RunOwner,
): Promise<RemoteFiles> {
  const { host, port = 22, user, settings } = server;
  return openSftpFiles(name, { host, port, user, hostKey: settings.hostKey ?? '', secret }, owner);
}

async function openS3(name: string, server: FileServerDefinition, secret: string): Promise<RemoteFiles> {
  const { host: bucket, user, settings } = server;
  const { region, endpoint } = settings;
  const opened = await openBucket({
    bucket,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(user !== '' && { credentials: { accessKeyId: user, secretAccessKey: secret } }),
  });
  const list = async (pattern: string) => {
    const folder = pattern.slice(0, pattern.lastIndexOf('/') + 1);
    const start = pattern.slice(0, pattern.search(/[*?]|$/));
    const keys = await opened.list(start).catch((error: unknown) => {
      throw serverFailed(name, error);
    });
    const names = keys.filter((key) => key.startsWith(folder)).map((key) => key.slice(folder.length));
    return matchNames(name, pattern, names);
  };
  return { ...opened, list, read: (key, from = 0) => opened.read(key, from), close: async () => opened.close() };
}

/** Paths of flows stay below the folder that the server is defined with. */
function belowFolder(name: string, folder: string, files: RemoteFiles): RemoteFiles {
  const place = (path: string) => placeBelow(name, folder, path);
  const depth = place('x').length - 1;
  return {
    list: async (pattern) => (await files.list(place(pattern))).map((path) => path.slice(depth)),
    read: (path, fromByte) => files.read(place(path), fromByte),
    sizeBytes: async (path) => files.sizeBytes(place(path)),
    put: async (localPath, path, mode) => files.put(localPath, place(path), mode),
    close: () => files.close(),
  };
}

function unknownServer(name: string, known: readonly string[]): SpectrumError {
  const closest = findClosestName(name, known);
  const advice = closest === undefined ? 'define it' : `did you mean ${closest}?`;
  return new SpectrumError('UNKNOWN_OBJECT', `There is no file server ${name}; ${advice}`, { server: name });
}

function assertSettings(name: string, { type, settings }: FileServerDefinition): void {
  const allowed = settingsOf[type];
  if (allowed === undefined) throw refuse(name, 'type', type, Object.keys(settingsOf));
  const unknown = Object.keys(settings).find((setting) => !allowed.includes(setting));
  if (unknown !== undefined) throw refuse(name, 'settings', unknown, allowed);
  if (type !== 'sftp' || settings.hostKey !== undefined) return;
  const sentence = `file server ${name}: hostKey is missing; set the fingerprint that ssh-keygen -lf shows for the server's key`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { server: name });
}

function refuse(name: string, member: string, given: string, allowed: readonly string[]): SpectrumError {
  const sentence = `file server ${name}: ${member}: ${JSON.stringify(given)} is not supported; use ${allowed.join(', ')}`;
  return new SpectrumError('INVALID_REQUEST', sentence, { server: name, given, allowed });
}
