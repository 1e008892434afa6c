import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The server refuses to run as root without being told; this user owns nothing. */
const nobody = 65_534;

/** A server of this test alone, on a socket of its own folder. */
export interface MariadbServer {
  /** Path of the socket. */
  readonly socket: string;
  stop(): Promise<void>;
}

export interface MariadbPrograms {
  readonly server: string;
  readonly install: string;
}

/** Where the programs are; undefined on a machine without them. */
export function findMariadb(): MariadbPrograms | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [server, install] = [find('mariadbd'), find('mariadb-install-db')];
  return server === undefined || install === undefined ? undefined : { server, install };
}

/** Starts a server with a database `spectrum` and a user of that name, without a password. */
export async function startMariadb({ server: program, install }: MariadbPrograms): Promise<MariadbServer> {
  const folder = mkdtempSync(join(tmpdir(), 'mariadb-'));
  const data = join(folder, 'data');
  mkdirSync(data);
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if ('uid' in user) for (const path of [folder, data]) chownSync(path, nobody, nobody);
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', HOME: folder } };
  const small = ['--innodb-buffer-pool-size=16M', '--innodb-flush-log-at-trx-commit=0', '--innodb-log-file-size=8M'];
  const installed = spawnSync(
    install,
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...small],
    options,
  );
  if (installed.status !== 0) throw new Error(`mariadb-install-db: ${installed.stdout}${installed.stderr}`);
  const socket = join(folder, 'socket');
  const init = [
    'CREATE DATABASE spectrum CHARACTER SET utf8mb4;',
    'CREATE USER spectrum@localhost;',
    'GRANT ALL ON spectrum.* TO spectrum@localhost;',
  ];
  const bootstrap = spawnSync(program, ['--no-defaults', `--datadir=${data}`, '--bootstrap', ...small], {
    ...options,
    input: `FLUSH PRIVILEGES;\n${init.join('\n')}\n`,
  });
  if (bootstrap.status !== 0) throw new Error(`mariadbd --bootstrap: ${bootstrap.stderr}`);
  const server = spawn(
    program,
    ['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--skip-networking', ...small],
    {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = '';
    server.stderr.on('data', (part: Buffer) => {
      log += part.toString();
      if (log.includes('ready for connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`mariadbd: ${log}`)));
  });
  return {
    socket,
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
