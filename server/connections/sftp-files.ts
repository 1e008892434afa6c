import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import type { Client, OpenMode, SFTPWrapper } from 'ssh2';
import type { RemoteFiles } from '../dataflow/index.ts';
import { serverFailed } from './driver.ts';
import { matchNames, notThere } from './remote-paths.ts';

export interface SftpSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Fingerprint of the server's key, as OpenSSH shows it: `SHA256:` and base64. */
  readonly hostKey: string;
  /** Password, or private key in PEM or OpenSSH's format. */
  readonly secret: string;
}

const connectMs = 15_000;
/** What every server answers at once (draft-ietf-secsh-filexfer-02 section 6.4), and how many of them are under way. */
const readBytes = 32_768;
const readsAhead = 16;
/** SSH_FX_NO_SUCH_FILE (draft-ietf-secsh-filexfer-02 section 7). */
const noSuchFile = 2;

/** Opens the files of a server over SSH; its client is loaded now. Throws `CONNECTION_FAILED`. */
export async function openSftpFiles(name: string, settings: SftpSettings): Promise<RemoteFiles> {
  const { Client: SshClient } = await import('ssh2');
  const client = new SshClient();
  const sftp = await connect(client, settings).catch((error: unknown) => {
    client.end();
    throw serverFailed(name, error);
  });
  const statOf = promisify(sftp.stat.bind(sftp));
  const sizeOf = async (path: string) => {
    try {
      return (await statOf(path)).size;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === noSuchFile) return undefined;
      throw serverFailed(name, error);
    }
  };
  return {
    async list(pattern) {
      const folder = posix.dirname(pattern);
      const entries = await promisify(sftp.readdir.bind(sftp))(folder).catch(() => []);
      const names = entries.filter(({ attrs }) => attrs.isFile()).map(({ filename }) => filename);
      return matchNames(name, pattern, names);
    },
    async *read(path, fromByte = 0) {
      yield* readAhead(sftp, path, fromByte);
    },
    async sizeBytes(path) {
      const size = await sizeOf(path);
      if (size === undefined) throw notThere(name, path);
      return size;
    },
    async put(localPath, path, mode) {
      const beside = posix.join(posix.dirname(path), `.${posix.basename(path)}.spectrum-run`);
      if (mode === 'refuse' && (await sizeOf(path)) !== undefined) return compare(sftp, localPath, path);
      await promisify<string, string>(sftp.fastPut.bind(sftp))(localPath, beside).catch((error: unknown) => {
        throw serverFailed(name, error);
      });
      return rename(sftp, beside, path, mode);
    },
    close: async () => void client.end(),
  };
}

/** Bytes in order, several reads on their way at a time: one after the other would wait for the network each time. */
async function* readAhead(sftp: SFTPWrapper, path: string, fromByte: number): AsyncGenerator<Uint8Array> {
  const handle = await promisify<string, OpenMode, Buffer>(sftp.open.bind(sftp))(path, 'r');
  let next = fromByte;
  const ask = () => {
    const at = next;
    next += readBytes;
    const piece = readWhole(sftp, handle, at);
    // Looked at when its turn comes; until then a failure is nobody's.
    piece.catch(() => undefined);
    return piece;
  };
  const asked = Array.from({ length: readsAhead }, ask);
  try {
    for (let piece = asked.shift(); piece !== undefined; piece = asked.shift()) {
      asked.push(ask());
      const bytes = await piece;
      if (bytes.length > 0) yield bytes;
      if (bytes.length < readBytes) return;
    }
  } finally {
    sftp.close(handle, () => undefined);
  }
}

/** So many bytes from there on, or as many as there are; servers may answer with fewer. */
async function readWhole(sftp: SFTPWrapper, handle: Buffer, at: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(readBytes);
  for (let filled = 0; filled < bytes.length; ) {
    const count = await readOnce(sftp, handle, bytes.subarray(filled), at + filled);
    if (count === 0) return bytes.subarray(0, filled);
    filled += count;
  }
  return bytes;
}

/** SSH_FX_EOF is the end. */
const endOfFile = 1;

function readOnce(sftp: SFTPWrapper, handle: Buffer, into: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    sftp.read(handle, into, 0, into.length, at, (error, count) => {
      if (error === undefined || error === null) resolve(count);
      else if ((error as { readonly code?: unknown }).code === endOfFile) resolve(0);
      else reject(error);
    });
  });
}

function connect(client: Client, { host, port, user, hostKey, secret }: SftpSettings): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('ready', () => client.sftp((error, sftp) => (error ? reject(error) : resolve(sftp))));
    client.connect({
      host,
      port,
      username: user,
      ...(secret.startsWith('-----BEGIN') ? { privateKey: secret } : { password: secret }),
      readyTimeout: connectMs,
      keepaliveInterval: 10_000,
      hostVerifier: (key: Buffer) => fingerprintOf(key) === hostKey.replace(/=+$/, ''),
    });
  });
}

function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Whole or not at all. OpenSSH replaces by an extension of its own; a plain rename fails where a file stands. */
async function rename(
  sftp: SFTPWrapper,
  from: string,
  to: string,
  mode: 'overwrite' | 'refuse',
): Promise<'written' | 'exists'> {
  const plain = promisify<string, string>(sftp.rename.bind(sftp));
  if (mode === 'refuse') {
    return plain(from, to).then(
      () => 'written' as const,
      () => 'exists' as const,
    );
  }
  const replace = promisify<string, string>(sftp.ext_openssh_rename.bind(sftp));
  await replace(from, to).catch(async () => {
    await promisify<string>(sftp.unlink.bind(sftp))(to).catch(() => undefined);
    await plain(from, to);
  });
  return 'written';
}

/** Whoever put the file there may have been this very run, which died before it could note that. */
async function compare(sftp: SFTPWrapper, localPath: string, path: string): Promise<'written' | 'exists'> {
  const [here, there] = await Promise.all([hashOf(createReadStream(localPath)), hashOf(readAhead(sftp, path, 0))]);
  return here === there ? 'written' : 'exists';
}

async function hashOf(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of stream) hash.update(part as Uint8Array);
  return hash.digest('hex');
}
