import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isAlive,
  listProcesses,
  runSpectrum,
  type StartedCluster,
  startCluster,
  waitUntil,
} from '../../bench/failover/local-cluster.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { managementPaths } from '../../contract/management.ts';

let root = '';
/** A folder after a first start, to copy: building the starter database takes the longest. */
let prepared = '';
const running = new Set<StartedCluster>();
const mounts: string[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-start-'));
  prepared = join(root, 'prepared');
  const cluster = await start(prepared);
  await stop(cluster);
});
afterEach(async () => {
  for (const cluster of running) await stop(cluster);
});
afterAll(() => {
  for (const mount of mounts) execFileSync('umount', [mount]);
  rmSync(root, { recursive: true });
});

test('a first start says all it should, and its two lines work as they are', async () => {
  const dataPath = join(root, 'first');
  const cluster = await start(dataPath);
  for (const part of ['Building the starter database', 'node-1, node-2', 'demonstration data', cluster.password]) {
    expect(cluster.output()).toContain(part);
  }
  const lines = cluster
    .output()
    .split('\n')
    .filter((line) => line.startsWith('curl '));
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const answer = JSON.parse(await runInShell(`${line.replace('curl ', 'curl --silent --fail ')}`));
    expect(answer.output_port[0]).toMatchObject({ City: expect.stringMatching(/^Washington$/i), StateProvince: 'DC' });
    expect(answer.output_port[0].Status).not.toBe('F');
  }
  const { code, stdout, stderr } = await stop(cluster);
  expect([code, stderr]).toEqual([exitCodes.success.code, '']);
  expect(stdout).not.toMatch(/warning|deprecat|experimental/i);
});

test('the next start keeps everything and builds nothing', async () => {
  const dataPath = copyPrepared('again');
  const first = await start(dataPath);
  await createUser(first.url, first.password, 'ada');
  await stop(first);
  const second = await start(dataPath);
  expect(second.output()).not.toContain('Building');
  expect(second.password).toBe(first.password);
  expect(await logIn(second.url, 'ada')).toBe(200);
});

test('what is changed through one node holds on every node within a second', async () => {
  const dataPath = copyPrepared('three');
  const cluster = await start(dataPath, ['--nodes', '3']);
  const nodes = listProcesses(dataPath).filter(({ name }) => name.startsWith('node-'));
  const urls = nodes.map(({ port }) => `http://127.0.0.1:${port}`);
  expect(urls).toHaveLength(3);
  const [first = '', ...others] = urls;

  await createUser(first, cluster.password, 'grace');
  for (const url of others) await waitUntil('grace logs in', async () => (await logIn(url, 'grace')) === 200, 1_000);

  const starter = await callApi(first, cluster.password, 'GET', `${managementPaths.databaseResources}/starter`);
  const { module, database, vintage } = (await starter.json()) as Record<string, string>;
  const defined = { name: 'mine', module, database, vintage };
  const created = await callApi(first, cluster.password, 'POST', managementPaths.databaseResources, defined);
  expect(created.status).toBe(201);
  const query = '/rest/ValidateAddress/results.json?Data.AddressLine1=1745+T+Street+Southeast&Data.PostalCode=20020';
  const ask = (url: string) => callApi(url, cluster.password, 'GET', `${query}&Option.Database.US=mine`);
  for (const url of urls) await waitUntil('mine answers', async () => (await ask(url)).status === 200, 2_000);
});

test('one node is a cluster too, and comes back with its address kept', async () => {
  const dataPath = copyPrepared('one');
  const cluster = await start(dataPath, ['--nodes', '1']);
  const node = listProcesses(dataPath).find(({ name }) => name === 'node-1');
  process.kill(Number(node?.pid), 'SIGKILL');
  const balancer = listProcesses(dataPath).find(({ name }) => name === 'balancer');
  process.kill(Number(balancer?.pid), 'SIGKILL');
  await waitUntil('both are back', () =>
    ['node-1', 'balancer'].every((name) => cluster.output().includes(`${name} is back`)),
  );
  await waitUntil(
    'it answers',
    async () => (await logIn(cluster.url, 'admin', cluster.password).catch(() => 0)) === 200,
  );
});

test('the table server may die too: nothing acknowledged is lost', async () => {
  const dataPath = copyPrepared('table');
  const cluster = await start(dataPath);
  await createUser(cluster.url, cluster.password, 'before');
  const table = listProcesses(dataPath).find(({ name }) => name === 'configuration');
  process.kill(Number(table?.pid), 'SIGKILL');
  await waitUntil('it is back', () => cluster.output().includes('configuration is back'));
  await waitUntil(
    'changes go on',
    async () => (await createUser(cluster.url, cluster.password, 'after')) < 300,
    10_000,
  );
  expect(await logIn(cluster.url, 'before')).toBe(200);
});

test('after kill -9 of the starter no child stays, and every acknowledged change is there', async () => {
  const dataPath = copyPrepared('killed');
  const cluster = await start(dataPath);
  const pids = listProcesses(dataPath).map(({ pid }) => pid);
  expect(pids).toHaveLength(4);
  const acknowledged: string[] = [];
  const writing = Array.from({ length: 4 }, async (_, writer) => {
    for (let at = 0; ; at += 1) {
      const name = `user-${writer}-${at}`;
      const status = await createUser(cluster.url, cluster.password, name).catch(() => 0);
      if (status === 0) return;
      if (status === 201) acknowledged.push(name);
    }
  });
  await waitUntil('some changes are acknowledged', () => acknowledged.length >= 12);
  cluster.starter.kill('SIGKILL');
  await Promise.all(writing);
  await waitUntil('every child has gone', () => !pids.some(isAlive), 10_000);
  running.delete(cluster);

  const next = await start(dataPath);
  const answer = await callApi(next.url, next.password, 'GET', managementPaths.users);
  const { items } = (await answer.json()) as { items: { name: string }[] };
  const names = new Set(items.map(({ name }) => name));
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
});

test('a start that is stopped while it builds leaves no debris behind', async () => {
  const dataPath = join(root, 'interrupted');
  const { child, text, ended } = runSpectrum(['start', '--port', '0', '--data', dataPath]);
  const builds = join(dataPath, 'reference-data', 'starter');
  await waitUntil('it builds', () => text.stdout.includes('Building') && existsSync(builds));
  child.kill('SIGKILL');
  await ended;
  const next = await start(dataPath);
  expect(next.output()).toContain('Building');
  // Nodes note beside the vintages which they use.
  expect(readdirSync(builds).filter((name) => name !== '.uses')).toHaveLength(1);
});

test('Ctrl-C under npm reaches the whole process group and still stops in order', async () => {
  const dataPath = copyPrepared('group');
  const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', '--data', dataPath], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += chunk));
  await waitUntil('it is up', () => output.includes('Ctrl-C stops'));
  const pids = listProcesses(dataPath).map(({ pid }) => pid);
  process.kill(-Number(npm.pid), 'SIGINT');
  const end = await new Promise((done) => npm.once('close', (code, signal) => done(signal ?? code)));
  expect(output).toMatch(/Stopping\nStopped\n$/);
  // Where the shell of npm stays in between, it and npm report the Ctrl-C as theirs.
  expect([0, 'SIGINT']).toContain(end);
  expect(pids.some(isAlive)).toBe(false);
});

test('a second Ctrl-C ends everything at once', async () => {
  const dataPath = copyPrepared('forced');
  const cluster = await start(dataPath);
  const pids = listProcesses(dataPath).map(({ pid }) => pid);
  cluster.starter.kill('SIGINT');
  await new Promise((done) => setTimeout(done, 800));
  cluster.starter.kill('SIGINT');
  expect((await cluster.ended).code).toBe(exitCodes.forced.code);
  await waitUntil('every child has gone', () => !pids.some(isAlive), 5_000);
});

describe('refusals are one sentence and a documented exit code', () => {
  test('port in use', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const end = await runSpectrum(['start', '--data', copyPrepared('port'), '--port', String(port)]).ended;
    server.close();
    expectRefusal(
      end,
      'portInUse',
      `port ${port} is in use by another program; stop that one or choose another with --port`,
    );
  });

  test('folder in use, by name; the first is not disturbed', async () => {
    const dataPath = copyPrepared('used');
    const cluster = await start(dataPath);
    const end = await runSpectrum(['start', '--port', '0', '--data', dataPath]).ended;
    const owner = `process ${cluster.starter.pid} (${cluster.url})`;
    expectRefusal(
      end,
      'folderInUse',
      `the data folder ${dataPath} is in use by ${owner}; stop that cluster or name another folder with --data`,
    );
    expect(await logIn(cluster.url, 'admin', cluster.password)).toBe(200);
  });

  test('of two simultaneous starts exactly one wins', async () => {
    const dataPath = copyPrepared('race');
    const starts = await Promise.allSettled([start(dataPath), start(dataPath)]);
    const lost = starts.filter((each) => each.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(String(lost[0]?.reason)).toContain('is in use');
  });

  test('folder of a newer version', async () => {
    const dataPath = join(root, 'newer');
    mkdirSync(dataPath);
    writeFileSync(join(dataPath, 'version.json'), '{"format":2}');
    const end = await runSpectrum(['start', '--port', '0', '--data', dataPath]).ended;
    expectRefusal(end, 'folderNewer', /^the data folder \S+ has format 2, this version reads up to 1; start it with/);
  });

  test('tables that cannot be opened', async () => {
    const dataPath = copyPrepared('damaged');
    writeFileSync(join(dataPath, 'configuration', 'CURRENT'), 'nonsense');
    const end = await runSpectrum(['start', '--port', '0', '--data', dataPath]).ended;
    expectRefusal(
      end,
      'childFailed',
      /^configuration does not start: .* cannot be opened: .*; see \S+configuration\.log$/,
    );
  });

  const canMount = tryMount();
  const withMount = canMount ? test : test.skip;
  const reason = canMount ? '' : ' (SKIPPED: this user may not mount a file system)';

  withMount(`unwritable folder${reason}`, async () => {
    const dataPath = mount('read-only', 'size=1m,ro');
    const end = await runSpectrum(['start', '--port', '0', '--data', dataPath]).ended;
    expectRefusal(end, 'folderUnwritable', /cannot be written: the file system is read-only; make it writable or/);
  });

  withMount(`disk without room at the start${reason}`, async () => {
    const end = await runSpectrum(['start', '--port', '0', '--data', mount('tiny', 'size=1m')]).ended;
    expectRefusal(end, 'diskFull', /has 1 MiB free and the cluster needs 64 MiB; free some or/);
  });

  withMount(`disk that fills up while the starter database is built${reason}`, async () => {
    const dataPath = mount('small', 'size=80m');
    const { text, ended } = runSpectrum(['start', '--port', '0', '--data', dataPath]);
    await waitUntil('it builds', () => text.stdout.includes('Building'));
    const filler = spawn('dd', ['if=/dev/zero', `of=${join(dataPath, 'filler')}`, 'bs=1M'], { stdio: 'ignore' });
    await new Promise((done) => filler.once('close', done));
    expectRefusal(await ended, 'diskFull', /^no room left on the disk of \S+; free some or/);
  });
});

function expectRefusal(
  end: { readonly code: number | null; readonly stdout: string; readonly stderr: string },
  exit: keyof typeof exitCodes,
  sentence: string | RegExp,
): void {
  expect(end.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/^spectrum: /)]);
  const said = end.stderr.trimEnd().replace('spectrum: ', '');
  if (typeof sentence === 'string') expect(said).toBe(sentence);
  else expect(said).toMatch(sentence);
  expect(end.code).toBe(exitCodes[exit].code);
}

async function start(dataPath: string, words: readonly string[] = []): Promise<StartedCluster> {
  const cluster = await startCluster(dataPath, words);
  running.add(cluster);
  return cluster;
}

function stop(cluster: StartedCluster) {
  running.delete(cluster);
  cluster.starter.kill('SIGTERM');
  return cluster.ended;
}

function copyPrepared(name: string): string {
  const dataPath = join(root, name);
  cpSync(prepared, dataPath, { recursive: true });
  return dataPath;
}

function tryMount(): boolean {
  const probe = mkdtempSync(join(tmpdir(), 'spectrum-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    process.stderr.write('SKIPPED: unwritable folder and full disk, because this user may not mount a file system\n');
    return false;
  } finally {
    rmSync(probe, { recursive: true });
  }
}

function mount(name: string, options: string): string {
  const path = join(root, name);
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  mounts.push(path);
  return path;
}

function runInShell(command: string): Promise<string> {
  return new Promise((done, fail) => {
    execFile('/bin/sh', ['-c', command], (error, stdout) => (error ? fail(error) : done(stdout)));
  });
}

async function createUser(url: string, password: string, name: string): Promise<number> {
  const user = { name, description: '', roles: ['admin'], password: `${name} password!` };
  return (await callApi(url, password, 'POST', managementPaths.users, user)).status;
}

async function logIn(url: string, name: string, password = `${name} password!`): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return (await fetch(`${url}${managementPaths.summary}`, { headers: { authorization } })).status;
}

function callApi(url: string, password: string, method: string, path: string, body?: object): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const headers = { authorization, ...(body && { 'content-type': 'application/json' }) };
  return fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}
