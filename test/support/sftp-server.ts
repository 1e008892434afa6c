import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Connection, Server, type SFTPWrapper, utils } from 'ssh2';

export interface SftpServer {
  readonly port: number;
  /** Fingerprint of its key, as OpenSSH shows it. */
  readonly hostKey: string;
  /** Breaks every connection. */
  drop(): void;
  close(): Promise<void>;
}

const { STATUS_CODE: status, OPEN_MODE: openMode } = utils.sftp;

/** Serves a folder to one user over SFTP version 3, in this process. */
export async function startSftpServer(folder: string, user: string, password: string): Promise<SftpServer> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  const digest = createHash('sha256').update(parsed.getPublicSSH()).digest('base64');
  const clients = new Set<Connection>();
  const server = new Server({ hostKeys: [privateKey] }, (client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      const isKnown = context.method === 'password' && context.username === user && context.password === password;
      if (isKnown) context.accept();
      else context.reject(['password']);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serve(acceptSftp(), folder));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: `SHA256:${digest.replace(/=+$/, '')}`,
    drop() {
      for (const client of clients) client.end();
      clients.clear();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function serve(sftp: SFTPWrapper, folder: string): void {
  const files = new Map<number, number>();
  const folders = new Map<number, string[]>();
  let handles = 0;
  const place = (path: string) => join(folder, path);
  const handleOf = (number: number) => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(number);
    return handle;
  };
  const numberOf = (handle: Buffer) => handle.readUInt32BE(0);
  /** A failure of the file system is the status that the protocol has for it. */
  const answering = (id: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      sftp.status(id, isMissing ? status.NO_SUCH_FILE : status.FAILURE);
    }
  };
  const sendStat = (id: number, path: string) => answering(id, () => sftp.attrs(id, attributes(statSync(place(path)))));
  sftp.on('REALPATH', (id, path) =>
    sftp.name(id, [{ filename: path, longname: path, attrs: attributes(statSync(folder)) }]),
  );
  sftp.on('STAT', sendStat);
  sftp.on('LSTAT', sendStat);
  sftp.on('FSTAT', (id, handle) =>
    answering(id, () => sftp.attrs(id, attributes(fstatSync(files.get(numberOf(handle)) ?? -1)))),
  );
  sftp.on('OPENDIR', (id, path) =>
    answering(id, () => {
      folders.set(
        ++handles,
        readdirSync(place(path)).map((name) => join(path, name)),
      );
      sftp.handle(id, handleOf(handles));
    }),
  );
  sftp.on('READDIR', (id, handle) => {
    const entries = folders.get(numberOf(handle)) ?? [];
    folders.set(numberOf(handle), []);
    if (entries.length === 0) return sftp.status(id, status.EOF);
    const named = entries.map((path) => ({
      filename: path.split('/').at(-1) ?? '',
      attrs: attributes(statSync(place(path))),
    }));
    sftp.name(
      id,
      named.map((one) => ({ ...one, longname: one.filename })),
    );
  });
  sftp.on('OPEN', (id, path, flags) =>
    answering(id, () => {
      files.set(++handles, openSync(place(path), (flags & openMode.WRITE) !== 0 ? 'w' : 'r'));
      sftp.handle(id, handleOf(handles));
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answering(id, () => {
      const bytes = Buffer.alloc(length);
      const count = readSync(files.get(numberOf(handle)) ?? -1, bytes, 0, length, offset);
      if (count === 0) sftp.status(id, status.EOF);
      else sftp.data(id, bytes.subarray(0, count));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, bytes) =>
    answering(id, () => {
      writeSync(files.get(numberOf(handle)) ?? -1, bytes, 0, bytes.length, offset);
      sftp.status(id, status.OK);
    }),
  );
  sftp.on('FSETSTAT', (id) => sftp.status(id, status.OK));
  sftp.on('CLOSE', (id, handle) =>
    answering(id, () => {
      const file = files.get(numberOf(handle));
      if (file !== undefined) closeSync(file);
      files.delete(numberOf(handle));
      sftp.status(id, status.OK);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    answering(id, () => {
      rmSync(place(path));
      sftp.status(id, status.OK);
    }),
  );
  sftp.on('RENAME', (id, from, to) =>
    answering(id, () => {
      // Version 3 of the protocol replaces nothing.
      if (existsSync(place(to))) return sftp.status(id, status.FAILURE);
      renameSync(place(from), place(to));
      sftp.status(id, status.OK);
    }),
  );
}

function attributes({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats) {
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1_000), mtime: Math.floor(mtimeMs / 1_000) };
}
