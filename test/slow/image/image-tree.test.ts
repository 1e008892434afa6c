import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import dynalite from 'dynalite';
import { containerUsers, starterVintage } from '../../../contract/container.ts';
import { exitCodes } from '../../../contract/exit-codes.ts';
import type { Manifest } from '../../../server/reference-data/index.ts';

// The image's file tree, made by the Dockerfile's own steps, then run as the container does: an unprivileged user, every
// mount read-only but the scratch folder and, for the loader, the reference data.
const tree = resolve('dist/image-under-test');
const share = mkdtempSync(join(tmpdir(), 'spectrum-share-'));
const isolated = spawnSync('unshare', ['-m', 'true']).status === 0 && existsSync('/usr/bin/setpriv');

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build-image.js', tree], { stdio: 'ignore' });
  chmodSync(share, 0o777);
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
  rmSync(share, { recursive: true, force: true });
});

/** Command line that runs `words` in the tree as `user`, with nothing writable but `writable`. */
function contained(user: number, words: readonly string[], writable: readonly string[]): string[] {
  const rebind = writable.map((folder) => `mount --bind ${folder} ${folder} && mount -o remount,rw,bind ${folder}`);
  const readOnly = 'mount -o remount,ro,bind / && { ! mountpoint -q /tmp || mount -o remount,ro,bind /tmp; }';
  const program = `exec setpriv --reuid=${user} --regid=${user} --clear-groups --no-new-privs ${process.execPath} ${join(tree, 'container.cjs')} "$@"`;
  return [
    '-m',
    '--propagation',
    'private',
    'sh',
    '-c',
    [...rebind, readOnly, program].join(' && '),
    'container',
    ...words,
  ];
}

test('the tree is small, and refuses a role that it does not have', () => {
  const files = readdirSync(tree, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(tree, name)));
  const bytes = files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
  expect(bytes).toBeLessThan(150 * 2 ** 20);
  const refused = spawnSync(process.execPath, [join(tree, 'container.cjs'), 'balancer'], { encoding: 'utf8' });
  expect(refused.status).toBe(exitCodes.usage.code);
  expect(refused.stderr).toBe('role "balancer" is not known; use node, load, job\n');
});

(isolated ? test : test.skip)('the loader builds the starter vintage (skipped where mounts cannot be isolated)', () => {
  const words = ['load', 'starter', '--out', share, '--vintage', starterVintage.vintage];
  const { status, stderr } = spawnSync('unshare', contained(containerUsers.loader, words, [share]), {
    encoding: 'utf8',
  });
  expect(stderr).not.toMatch(/EACCES|EROFS/);
  expect(status).toBe(exitCodes.success.code);
  const folder = join(share, starterVintage.database, starterVintage.vintage);
  const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  for (const { name, sizeBytes } of files)
    expect(statSync(join(folder, name))).toMatchObject({ size: sizeBytes, uid: containerUsers.loader });
});

(isolated ? test : test.skip)(
  'a node serves from it, answers its probe and leaves on SIGTERM (skipped likewise)',
  async () => {
    const tables = dynalite({ createTableMs: 0 });
    const healthPort = await freePort();
    await new Promise<void>((listening) => tables.listen(0, '127.0.0.1', listening));
    const scratch = mkdtempSync(join(tmpdir(), 'spectrum-scratch-'));
    chmodSync(scratch, 0o777);
    const env = {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      SPECTRUM_HOST: '127.0.0.1',
      SPECTRUM_PORT: '0',
      SPECTRUM_HEALTH_PORT: String(healthPort),
      SPECTRUM_CONFIGURATION_ENDPOINT: `http://127.0.0.1:${(tables.address() as AddressInfo).port}`,
      SPECTRUM_REFERENCE_DATA: share,
      SPECTRUM_STARTER_DATABASE: `${starterVintage.database}/${starterVintage.vintage}`,
      SPECTRUM_ADMIN_PASSWORD: 'correct horse battery!',
      SPECTRUM_LEAVE_MS: '200',
    };
    const node = spawn('unshare', contained(containerUsers.node, ['node'], [scratch]), {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolveEnd) => node.on('close', resolveEnd));
    try {
      const port = await listeningPort(node.stdout);
      const answer = await fetch(
        `http://127.0.0.1:${port}/rest/ValidateAddress/results.json?Data.AddressLine1=1+Main+St&Data.PostalCode=20500`,
        {
          headers: { authorization: `Basic ${Buffer.from('admin:correct horse battery!').toString('base64')}` },
        },
      );
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ output_port: [expect.anything()] });
      expect(probe(healthPort, '/health/live')).toBe(0);
      expect(probe(healthPort, '/health/ready')).toBe(0);
      expect(probe(healthPort, '/health/nothing')).toBe(1);
      node.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(probe(healthPort, '/health/live')).toBe(1);
    } finally {
      node.kill('SIGKILL');
      await new Promise((closed) => tables.close(closed));
      rmSync(scratch, { recursive: true, force: true });
    }
  },
);

/** Exit code of the image's health check, as the container runtime starts it. */
function probe(healthPort: number, path: string): number | null {
  const env = { PATH: process.env.PATH, SPECTRUM_HEALTH_PORT: String(healthPort) };
  return spawnSync(process.execPath, [join(tree, 'probe.cjs'), path], { env }).status;
}

function freePort(): Promise<number> {
  return new Promise((resolvePort) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolvePort(port));
    });
  });
}

/** Port from the line that a node logs when it answers; rejects when the output ends before. */
function listeningPort(output: NodeJS.ReadableStream): Promise<number> {
  return new Promise((found, failed) => {
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((candidate) => candidate.includes('"The node answers"'));
      if (line) found(Number((JSON.parse(line) as { readonly port: number }).port));
    });
    output.on('end', () => failed(new Error(`the node ended: ${text.slice(0, 2000)}`)));
  });
}
