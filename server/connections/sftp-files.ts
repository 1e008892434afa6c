import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { promisify } from 'node:util';
import type { Client, OpenMode, SFTPWrapper } from 'ssh2';
import type { RemoteFiles } from '../dataflow/index.ts';
import { serverFailed } from './driver.ts';
import { matchNames, notThere } from './remote-paths.ts';
import { type RunOwner, removeLeftovers, temporaryOf } from './sftp-temporaries.ts';

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
/** SSH_FX_OP_UNSUPPORTED; the client refuses an extension that the server does not name without a code. */
const unsupported = 8;

/** Opens the files of a server over SSH; its client is loaded now. Throws `CONNECTION_FAILED`. */
export async function openSftpFiles(name: string, settings: SftpSettings, owner: RunOwner): Promise<RemoteFiles> {
  const { Client: SshClient } = await import('ssh2');
  const client = new SshClient();
  const sftp = await connect(client, settings).catch((error: unknown) => {
    client.end();
    throw serverFailed(name, error);
  });
  const reach = watch(client, sftp);
  const fail = (error: unknown): never => {
    throw serverFailed(name, error);
  };
  const sizeOf = async (path: string) => {
    try {
      const open = reach();
      return (await promisify(open.stat.bind(open))(path)).size;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === noSuchFile) return undefined;
      throw serverFailed(name, error);
    }
  };
  return {
    async list(pattern) {
      const folder = posix.dirname(pattern);
      const open = reach();
      const entries = await promisify(open.readdir.bind(open))(folder).catch((error: { readonly code?: unknown }) =>
        error.code === noSuchFile ? [] : fail(error),
      );
      const names = entries.filter(({ attrs }) => attrs.isFile()).map(({ filename }) => filename);
      return matchNames(name, pattern, names);
    },
    async *read(path, fromByte = 0) {
      try {
        yield* readAhead(reach, path, fromByte);
      } catch (error) {
        fail(error);
      }
    },
    async sizeBytes(path) {
      const size = await sizeOf(path);
      if (size === undefined) throw notThere(name, path);
      return size;
    },
    async put(localPath, path, mode) {
      const beside = temporaryOf(path, owner);
      const isThere = async () => mode === 'refuse' && (await sizeOf(path)) !== undefined;
      try {
        if (await isThere()) return await compare(reach, localPath, path);
        const open = reach();
        await promisify<string, string>(open.fastPut.bind(open))(localPath, beside);
        if (mode === 'overwrite') await replace(reach, beside, path);
        else await rename(reach, beside, path);
        // A server may show nobody its folders.
        await removeLeftovers(reach(), path, owner).catch(() => undefined);
        return 'written';
      } catch (error) {
        await remove(reach, beside).catch(() => undefined);
        // Somebody was faster, or the answer was lost and not the rename.
        if (await isThere()) return await compare(reach, localPath, path).catch(fail);
        return fail(error);
      }
    },
    close: async () => void client.end(),
  };
}

const replaceAttempts = 5;

/** The way to the server, for every request. Throws when the connection is lost. */
type Reach = () => SFTPWrapper;

/** The client answers what is asked while the connection breaks, and never what is asked afterwards. */
function watch(client: Client, sftp: SFTPWrapper): Reach {
  let isLost = false;
  const lose = () => {
    isLost = true;
  };
  client.on('close', lose);
  // Without a listener a server that breaks the protocol would end the process.
  for (const event of ['error', 'end', 'close']) sftp.on(event, lose);
  return () => {
    if (isLost) throw new Error('the connection was lost');
    return sftp;
  };
}

/** Bytes in order, several reads on their way at a time: one after the other would wait for the network each time. */
async function* readAhead(reach: Reach, path: string, fromByte: number): AsyncGenerator<Uint8Array> {
  const sftp = reach();
  const handle = await promisify<string, OpenMode, Buffer>(sftp.open.bind(sftp))(path, 'r');
  let next = fromByte;
  const ask = () => {
    const at = next;
    next += readBytes;
    const piece = readWhole(reach, handle, at);
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
async function readWhole(reach: Reach, handle: Buffer, at: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(readBytes);
  for (let filled = 0; filled < bytes.length; ) {
    const count = await readOnce(reach, handle, bytes.subarray(filled), at + filled);
    if (count === 0) return bytes.subarray(0, filled);
    filled += count;
  }
  return bytes;
}

/** SSH_FX_EOF is the end. */
const endOfFile = 1;

function readOnce(reach: Reach, handle: Buffer, into: Buffer, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    reach().read(handle, into, 0, into.length, at, (error, count) => {
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

async function remove(reach: Reach, path: string): Promise<void> {
  const sftp = reach();
  await promisify<string>(sftp.unlink.bind(sftp))(path);
}

/** Fails where a file stands. */
async function rename(reach: Reach, from: string, to: string): Promise<void> {
  const sftp = reach();
  await promisify<string, string>(sftp.rename.bind(sftp))(from, to);
}

/** Whole or not at all, by an extension of OpenSSH. Only a server without it loses the old file for a moment. */
async function replace(reach: Reach, from: string, to: string): Promise<void> {
  const sftp = reach();
  try {
    await promisify<string, string>(sftp.ext_openssh_rename.bind(sftp))(from, to);
  } catch (error) {
    const { code = unsupported } = error as { readonly code?: unknown };
    if (code !== unsupported) throw error;
    // Another run may put the same file there in between.
    for (let attempt = 1; ; attempt++) {
      await remove(reach, to).catch(() => undefined);
      const failure = await rename(reach, from, to).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (failure === undefined) return;
      if (attempt === replaceAttempts) throw failure.error;
    }
  }
}

/** Whoever put the file there may have been this very run, which died before it could note that. */
async function compare(reach: Reach, localPath: string, path: string): Promise<'written' | 'exists'> {
  const [here, there] = await Promise.all([hashOf(createReadStream(localPath)), hashOf(readAhead(reach, path, 0))]);
  return here === there ? 'written' : 'exists';
}

async function hashOf(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of stream) hash.update(part as Uint8Array);
  return hash.digest('hex');
}
