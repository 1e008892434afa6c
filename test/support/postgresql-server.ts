import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const versions = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; this user owns nothing. */
const nobody = 65_534;

/** A server of this test alone, on a socket of its own folder. */
export interface PostgresqlServer {
  readonly socketFolder: string;
  stop(): Promise<void>;
}

/** Where the programs are; undefined on a machine without them. */
export function findPostgresql(): string | undefined {
  const installed = existsSync(versions) ? readdirSync(versions).sort() : [];
  const folders = [
    ...installed.map((version) => join(versions, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((bin) => ['initdb', 'postgres'].every((program) => existsSync(join(bin, program))));
}

export async function startPostgresql(bin: string, sharedBuffers = '8MB'): Promise<PostgresqlServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pg-'));
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in user) chownSync(folder, nobody, nobody);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } };
  const initialized = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'spectrum', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    options,
  );
  if (initialized.status !== 0) throw new Error(`initdb: ${String(initialized.stderr)}`);
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    `shared_buffers=${sharedBuffers}`,
  ];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((one) => ['-c', one])], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = '';
    server.stderr.on('data', (part: Buffer) => {
      log += part.toString();
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`postgres: ${log}`)));
  });
  return {
    socketFolder: folder,
    async stop() {
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
