import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { openManagedCluster } from '../support/management-cluster.ts';

/** docs/configuration.md: its walk-through is run as it stands, by a shell, against whole nodes over HTTP. */
const text = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');

type Cluster = Awaited<ReturnType<typeof openManagedCluster>>;

let [source, target]: Cluster[] = [];
let folder: string;
beforeAll(async () => {
  [source, target] = [await openManagedCluster(2), await openManagedCluster(1)];
  folder = mkdtempSync(join(tmpdir(), 'spectrum-walk-through-'));
  const entryPoints = [join(__dirname, '../../cli/main.ts')];
  buildSync({
    entryPoints,
    outfile: join(folder, 'spectrum.cjs'),
    bundle: true,
    platform: 'node',
    packages: 'external',
  });
}, 60_000);
afterAll(async () => {
  await source?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The bundle lies outside: it finds the packages by this. */
const NODE_PATH = join(__dirname, '../../node_modules');

/** The commands below a heading of the walk-through. */
function commandsOf(heading: string): string {
  const [, section = ''] = text.split(`### ${heading}\n`);
  const [, commands] = /```sh\n([\s\S]*?)```/.exec(section.split('\n#')[0] ?? '') ?? [];
  if (commands === undefined) throw new Error(`no commands below ${heading}`);
  return commands;
}

/** Runs the commands as they are printed; npm is the command that it would start. */
async function run(heading: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const npm = `npm() { shift 4; case " $* " in *" --url "*) ;; *) set -- "$@" --url "$FIRST";; esac; node "${folder}/spectrum.cjs" "$@"; }`;
  const script = join(folder, 'commands.sh');
  writeFileSync(script, `set -euo pipefail\n${npm}\n${commandsOf(heading)}`);
  return await new Promise((done, fail) => {
    const env = {
      ...process.env,
      NODE_PATH,
      FIRST: origin(source),
      OTHER: origin(target),
      SPECTRUM_PASSWORD: 'secret words!',
      ...variables,
    };
    execFile('bash', [script], { cwd: folder, env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error) fail(new Error(`${heading}: ${stderr}`));
      else done(stdout);
    });
  });
}

const origin = (cluster: Cluster | undefined) => String(cluster?.origins[0]);
const passphrase = { SPECTRUM_PASSPHRASE: /SPECTRUM_PASSPHRASE="([^"]+)"/.exec(text)?.[1] ?? '' };
const lines = (output: string) =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function create(collection: string, body: object): Promise<string> {
  const created = await source?.send({ method: 'POST', path: `/api/v1/${collection}`, body });
  expect(created?.status).toBe(201);
  return String(created?.body.revision);
}

test('the walk-through does what it says', async () => {
  await create('users', { name: 'eve', roles: ['integrator'], password: 'long enough!' });
  await create('connections', { name: 'erp', type: 'jdbc', secret: 'secret:erp' });
  const good = await create('database-resources', {
    name: 'us',
    module: 'addressing',
    database: 'us',
    vintage: '2026.10',
  });

  const around = await run('Look around');
  expect(around).toContain('"state": "current"');
  expect(around).toContain('"name":"eve"');

  await run('Back up a running cluster');
  const backup = readFileSync(join(folder, 'backup.json'), 'utf8');
  expect(backup).not.toMatch(/scrypt\$|secret:erp/);

  const restored = lines(await run('Restore it into another cluster', passphrase)).map(({ name, revision }) => [
    name,
    revision === undefined ? 'would be' : 'is',
  ]);
  expect(restored).toEqual([
    ...['eve', 'us', 'erp'].map((name) => [name, 'would be']),
    ...['eve', 'us', 'erp'].map((name) => [name, 'is']),
  ]);
  const values = (cluster: Cluster | undefined) =>
    cluster?.configurations[0]?.snapshot().find('user', 'eve')?.value ?? 'absent';
  expect(values(target)).toEqual(values(source));

  await target?.send({ method: 'DELETE', path: '/api/v1/connections/erp', headers: { 'if-match': '*' } });
  expect(lines(await run('Move one object', passphrase))).toEqual([
    expect.objectContaining({ operation: 'create', kind: 'connection', name: 'erp' }),
  ]);

  await source?.send({
    method: 'PUT',
    path: '/api/v1/database-resources/us',
    body: { module: 'addressing', database: 'us', vintage: 'broken' },
    headers: { 'if-match': '*' },
  });
  const rolledBack = await run('Roll back a bad change', { REVISION: good });
  expect(rolledBack).toContain('"field":"vintage","from":"2026.10","to":"broken"');
  expect(source?.configurations[0]?.snapshot().find('database-resource', 'us')?.value).toMatchObject({
    vintage: '2026.10',
  });

  expect(lines(await run('See who changed what'))).toHaveLength(3);
  expect(readFileSync(join(folder, 'audit.csv'), 'utf8')).toContain('the new vintage is wrong');

  // Logins are written down a second after the first of them.
  let told = '';
  for (let attempt = 0; told === '' && attempt < 20; attempt++) told = await run('See who was let in');
  expect(lines(told)).toContainEqual(expect.objectContaining({ kind: 'access', operation: 'log-in', by: 'admin' }));
}, 120_000);

test('a wrong command or a refusal ends with its code and a sentence', () => {
  const tell = (...words: string[]) => {
    const env = { ...process.env, NODE_PATH, SPECTRUM_PASSWORD: 'secret words!' };
    try {
      execFileSync('node', [join(folder, 'spectrum.cjs'), 'config', ...words], { env, stdio: 'pipe' });
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: Buffer };
      return [status, stderr.toString()];
    }
    return [0, ''];
  };
  expect(tell('fly')).toEqual([2, expect.stringContaining('config: "fly" is not an action; use status, list, get')]);
  expect(tell('get', 'spell', 'x', '--url', 'http://127.0.0.1:1')).toEqual([
    2,
    expect.stringContaining('is not a kind'),
  ]);
});

test('every action of the page is there', () => {
  const used = [...text.matchAll(/spectrum -- config (\w+)/g)].map(([, action]) => String(action));
  const help = execFileSync('node', [join(folder, 'spectrum.cjs'), 'config', 'help'], {
    encoding: 'utf8',
    env: { ...process.env, NODE_PATH },
  });
  for (const action of used.filter((name) => name !== 'help')) expect(help).toContain(`  ${action} `);
});
