import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileServerDefinition, openFileServers } from '../../../server/connections/index.ts';
import type { RemoteFiles } from '../../../server/dataflow/index.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';
import { type SftpServer, startSftpServer } from '../../support/sftp-server.ts';

const secrets = { resolve: async (reference: string) => (reference === 'secret:right' ? 'right' : 'wrong') };
let folder: string;
let sftp: SftpServer;
let s3: FakeS3;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'remote-'));
  mkdirSync(join(folder, 'served/in'), { recursive: true });
  sftp = await startSftpServer(join(folder, 'served'), 'spectrum', 'right');
  s3 = await startFakeS3();
});
afterAll(async () => {
  await sftp.close();
  await s3.close();
  rmSync(folder, { recursive: true, force: true });
});

const sftpServer = (more: Partial<FileServerDefinition> = {}): FileServerDefinition => ({
  type: 'sftp',
  host: '127.0.0.1',
  port: sftp.port,
  user: 'spectrum',
  settings: { hostKey: sftp.hostKey, folder: 'in' },
  secret: 'secret:right',
  ...more,
});
const s3Server = (): FileServerDefinition => ({
  type: 's3',
  host: 'bucket',
  user: 'key',
  settings: { endpoint: s3.endpoint, region: 'us-east-1', folder: 'in' },
  secret: 'secret:right',
});

const open = (definition: FileServerDefinition, owner = { run: 'run', epoch: 1 }) =>
  openFileServers({ servers: { far: definition }, secrets, owner }).open('far');

async function textOf(files: RemoteFiles, path: string, from?: number): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of files.read(path, from)) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe.each([
  ['SFTP', () => sftpServer(), (name: string, text: string) => writeFileSync(join(folder, 'served/in', name), text)],
  ['S3', s3Server, (name: string, text: string) => void s3.objects.set(`bucket/in/${name}`, Buffer.from(text))],
])('%s', (_kind, definition, place) => {
  let files: RemoteFiles;
  beforeAll(async () => {
    files = await open(definition());
  });
  afterAll(() => files.close());

  test('files are listed by pattern, and read from any byte', async () => {
    place('b-1.csv', 'one');
    place('b-2.csv', 'two');
    place('b-3.csv', 'x'.repeat(300_000));
    place('c.csv', '0123456789');
    expect(await files.list('b-?.csv')).toEqual(['b-1.csv', 'b-2.csv', 'b-3.csv']);
    expect(await files.list('c.csv')).toEqual(['c.csv']);
    expect(await files.sizeBytes('b-3.csv')).toBe(300_000);
    expect(await textOf(files, 'c.csv')).toBe('0123456789');
    expect(await textOf(files, 'c.csv', 7)).toBe('789');
    expect(await textOf(files, 'b-3.csv', 1)).toHaveLength(299_999);
  });

  test('what is not there is told', async () => {
    await expect(files.list('nothing*.csv')).rejects.toThrow('file: in/nothing*.csv is not on the file server far');
    await expect(files.sizeBytes('nothing.csv')).rejects.toThrow(/nothing\.csv is not (there|on the file server)/);
  });

  test('a file is put in place whole, again if need be, and replaced only where that is wanted', async () => {
    const local = join(folder, 'local.csv');
    writeFileSync(local, 'first');
    expect(await files.put(local, 'new.csv', 'refuse')).toBe('written');
    // The same again, as whoever takes a run over does.
    expect(await files.put(local, 'new.csv', 'refuse')).toBe('written');
    writeFileSync(local, 'second');
    expect(await files.put(local, 'new.csv', 'refuse')).toBe('exists');
    expect(await textOf(files, 'new.csv')).toBe('first');
    expect(await files.put(local, 'new.csv', 'overwrite')).toBe('written');
    expect(await textOf(files, 'new.csv')).toBe('second');
    expect(readFileSync(local, 'utf8')).toBe('second');
    expect(await files.list('new*')).toEqual(['new.csv']);
  });

  test.each(['../other.csv', '/etc/../../x', 'a/../..'])('%s leads nowhere', async (path) => {
    await expect(files.sizeBytes(path)).rejects.toThrow('is outside of the folder of the file server far');
  });
});

describe('files on their way over SFTP', () => {
  const served = () => join(folder, 'served/in');
  const hidden = (name: string) => readdirSync(served()).filter((entry) => entry.startsWith(`.${name}.`));
  const leave = (name: string, ageDays: number) => {
    writeFileSync(join(served(), name), 'half of it');
    const at = Date.now() / 1_000 - ageDays * 86_400;
    utimesSync(join(served(), name), at, at);
  };

  test('runs that put the same file at once disturb each other in nothing', async () => {
    const owners = ['one', 'two', 'three'].map((run) => ({ run, epoch: 1 }));
    const opened = await Promise.all(owners.map((owner) => open(sftpServer(), owner)));
    const texts = owners.map(({ run }) => run.repeat(500_000));
    await Promise.all(
      opened.map(async (files, index) => {
        const local = join(folder, `local-${index}.csv`);
        writeFileSync(local, String(texts[index]));
        expect(await files.put(local, 'shared.csv', 'overwrite')).toBe('written');
      }),
    );
    expect(texts).toContain(readFileSync(join(served(), 'shared.csv'), 'utf8'));
    expect(hidden('shared.csv')).toEqual([]);
    for (const files of opened) await files.close();
  });

  test('what earlier owners of the run left goes, and what is a day old; what another run writes stays', async () => {
    leave('.kept.csv.run-1.spectrum-run', 0);
    leave('.kept.csv.run-2.spectrum-run', 0);
    leave('.kept.csv.dead-1.spectrum-run', 2);
    leave('.kept.csv.alive-1.spectrum-run', 0.5);
    leave('.kept.csv.of somebody', 2);
    const local = join(folder, 'kept.csv');
    writeFileSync(local, 'whole');
    const files = await open(sftpServer(), { run: 'run', epoch: 3 });
    expect(await files.put(local, 'kept.csv', 'overwrite')).toBe('written');
    await files.close();
    expect(hidden('kept.csv').sort()).toEqual(['.kept.csv.alive-1.spectrum-run', '.kept.csv.of somebody']);
  });

  test('a put that is refused leaves nothing', async () => {
    mkdirSync(join(served(), 'a folder.csv', 'x'), { recursive: true });
    const local = join(folder, 'refused.csv');
    writeFileSync(local, 'whole');
    const files = await open(sftpServer());
    await expect(files.put(local, 'a folder.csv', 'overwrite')).rejects.toThrow('file server far: ');
    await files.close();
    expect(hidden('a folder.csv')).toEqual([]);
  });
});

test('what is asked of a server that has gone is refused, at whatever moment', async () => {
  const server = await startSftpServer(join(folder, 'served'), 'spectrum', 'right');
  writeFileSync(join(folder, 'served/in/far.csv'), 'x'.repeat(2_000_000));
  const files = await open(sftpServer({ port: server.port, settings: { hostKey: server.hostKey, folder: 'in' } }));
  const rows = files.read('far.csv')[Symbol.asyncIterator]();
  await rows.next();
  const asked = files.sizeBytes('far.csv').catch((error: unknown) => error);
  server.drop();
  await asked;
  const rest = async () => {
    while (!(await rows.next()).done);
  };
  await expect(rest()).rejects.toThrow('file server far: ');
  for (let times = 0; times < 2; times++) {
    await expect(files.sizeBytes('far.csv')).rejects.toThrow('file server far: the connection was lost');
    await expect(files.list('*.csv')).rejects.toThrow('the connection was lost');
    await expect(files.put(join(folder, 'local.csv'), 'x.csv', 'overwrite')).rejects.toThrow('the connection was lost');
    await expect(files.put(join(folder, 'local.csv'), 'x.csv', 'refuse')).rejects.toThrow('the connection was lost');
  }
  await files.close();
  await server.close();
});

test('a server with another key, and a wrong password, let nobody in', async () => {
  const hostKey = `SHA256:${'A'.repeat(43)}`;
  await expect(open(sftpServer({ settings: { hostKey } }))).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  await expect(open(sftpServer({ secret: 'secret:other' }))).rejects.toThrow(/^file server far: /);
});

test('a server without its key, of another protocol, with unknown settings or of no definition is refused', async () => {
  await expect(open(sftpServer({ settings: {} }))).rejects.toThrow('file server far: hostKey is missing');
  await expect(open(sftpServer({ type: 'ftp' }))).rejects.toThrow('type: "ftp" is not supported; use sftp, s3');
  await expect(open(sftpServer({ settings: { key: 'x' } }))).rejects.toThrow('settings: "key" is not supported');
  await expect(openFileServers({ servers: {}, secrets, owner: { run: 'run', epoch: 1 } }).open('far')).rejects.toThrow(
    'There is no file server far',
  );
});
