import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../contract/environment.ts';
import { startTestTables, type TestTables } from '../support/table-server.ts';
import { basic } from '../support/test-gateway.ts';
import { makeTemporaryFolder } from '../support/vintage-folder.ts';

const root = join(__dirname, '../..');
const admin = { authorization: basic('admin', 'secret words!') };

let tables: TestTables;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build.js'), '--when-stale'], { cwd: root });
  tables = await startTestTables();
  folder = await makeTemporaryFolder();
}, 60_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await tables.close();
  await folder.remove();
});

interface Ready {
  readonly ready: true;
  readonly port: number;
  readonly healthPort?: number;
}

async function startNode(variables: Record<string, string> = {}, program = join(root, 'dist/node.cjs')) {
  const child = fork(program, {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      [environment.host]: '127.0.0.1',
      [environment.port]: '0',
      [environment.configurationEndpoint]: tables.endpoint,
      [environment.referenceData]: folder.path,
      [environment.adminPassword]: 'secret words!',
      [environment.leaveMs]: '300',
      [environment.logLevel]: 'error',
      ...variables,
    },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  children.add(child);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const ready = new Promise<Ready>((resolve, reject) => {
    child.on('message', (message: Ready) => message.ready && resolve(message));
    void exited.then((code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  return { child, exited, ready, output: () => output };
}

async function started(variables: Record<string, string> = {}, program?: string) {
  const node = await startNode(variables, program);
  const { port, healthPort } = await node.ready;
  return { ...node, origin: `http://127.0.0.1:${port}`, healthPort };
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!(await check())) {
    if (performance.now() > endMs) throw new Error('not so within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a node told to stop is not ready at once, serves on, and ends with 0', async () => {
  const { child, exited, origin } = await started();
  expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
  child.kill('SIGTERM');
  await eventually(async () => (await fetch(`${origin}/health/ready`)).status === 503);
  const response = await fetch(`${origin}/api/v1`, { headers: admin });
  expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
  expect(await exited).toBe(0);
});

test('a node whose parent goes ends as well', async () => {
  const { child, exited } = await started();
  child.disconnect();
  expect(await exited).toBe(0);
});

test('a setting that is not allowed ends the start with a sentence', async () => {
  const { exited, ready, output } = await startNode({ [environment.port]: 'many' });
  await expect(ready).rejects.toThrow('ended with 1');
  expect(await exited).toBe(1);
  expect(output()).toContain('SPECTRUM_PORT: \\"many\\" is not allowed; use a whole number from 0 to 65535');
});

test('a new configuration without a password for its administrator is not started', async () => {
  const { ready, output } = await startNode({
    [environment.adminPassword]: '',
    [environment.clusterName]: 'without-password',
  });
  await expect(ready).rejects.toThrow('ended with 1');
  expect(output()).toContain('SPECTRUM_ADMIN_PASSWORD is empty');
});

test('several processes serve one port, a dead one is replaced, and the parent answers for all', async () => {
  const { child, exited, origin, healthPort } = await started({
    [environment.processes]: '2',
    [environment.healthPort]: '0',
  });
  const health = `http://127.0.0.1:${healthPort}`;
  const processes = async () =>
    (await (await fetch(`${health}/health/ready`)).json()) as { ready: boolean; processes: number };
  expect(await processes()).toMatchObject({ ready: true, processes: 2 });
  const processIds = async () => {
    const answers = await Promise.all(
      Array.from(
        { length: 8 },
        async () =>
          (await (await fetch(`${origin}/api/v1/node`, { headers: { ...admin, connection: 'close' } })).json()) as {
            processId: number;
          },
      ),
    );
    return new Set(answers.map(({ processId }) => processId));
  };
  await eventually(async () => (await processIds()).size === 2);
  const metrics = await (await fetch(`${health}/metrics`)).text();
  expect(metrics.match(/^spectrum_configuration_revision\{worker="\d+"\} \d+$/gm)).toHaveLength(2);

  const [victim] = await processIds();
  process.kill(victim as number, 'SIGKILL');
  await eventually(async () => (await processes()).processes === 1);
  expect((await processes()).ready).toBe(true);
  await eventually(async () => (await processes()).processes === 2);
  expect((await processIds()).has(victim as number)).toBe(false);

  child.kill('SIGTERM');
  await eventually(async () => (await fetch(`${health}/health/ready`)).status === 503);
  expect(await exited).toBe(0);
});

test('a node starts from the bytecode that its build made', async () => {
  const folder = join(root, 'dist');
  const source = readFileSync(join(folder, 'node-program.cjs'), 'latin1');
  const cache = readFileSync(join(folder, 'node-program.cache'));
  expect(cache.toString('latin1', 0, 64)).toBe(source.trimEnd().slice(-64));
  expect(isBytecodeTaken(['--no-allocation-site-pretenuring'])).toBe(true);
  // Under other flags V8 refuses it: the start would be slow, and nobody would hear of it.
  expect(isBytecodeTaken([])).toBe(false);
});

/** Whether V8 takes the bytecode of the build in a process of these flags. */
function isBytecodeTaken(flags: readonly string[]): boolean {
  const program = `
    const { readFileSync } = require('node:fs');
    const source = require('node:module').wrap(readFileSync('node-program.cjs', 'latin1'));
    const cachedData = readFileSync('node-program.cache').subarray(72);
    console.log(new (require('node:vm').Script)(source, { cachedData }).cachedDataRejected);`;
  const answer = execFileSync(process.execPath, [...flags, '-e', program], {
    cwd: join(root, 'dist'),
    encoding: 'utf8',
  });
  return answer.trim() === 'false';
}

test.each(['of another build', 'damaged', 'gone'])('a node starts with bytecode %s', async (state) => {
  const copy = await makeTemporaryFolder();
  for (const name of ['node.cjs', 'node-program.cjs', 'node-program.cache']) {
    copyFileSync(join(root, 'dist', name), join(copy.path, name));
  }
  const cache = join(copy.path, 'node-program.cache');
  const content = readFileSync(cache);
  if (state === 'gone') rmSync(cache);
  else writeFileSync(cache, content.fill(0x30, ...(state === 'damaged' ? [5_000, 6_000] : [0, 10])));
  const node = await started({}, join(copy.path, 'node.cjs'));
  node.child.kill('SIGTERM');
  expect(await node.exited).toBe(0);
  await copy.remove();
});
