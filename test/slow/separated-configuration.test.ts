import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { listProcesses, type StartedCluster, startCluster, waitUntil } from '../../bench/failover/local-cluster.ts';
import { createBalancer } from '../../cli/local/balancer/server.ts';
import { openConfiguration, type User } from '../../server/configuration/index.ts';

/**
 * ```
 * callers ──► balancer ─┬─ first start: 5 nodes  ─┐
 *                       └─ second start: 5 nodes ─┴─► table server of its own
 * ```
 */
const adminPassword = 'correct horse battery staple!';
const authorization = `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;
let root: string;
let tables: ChildProcess;
let endpoint: string;
const balancer = createBalancer(() => undefined);
const starts: StartedCluster[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-separated-'));
  // Also bundles the programs, which the table server is one of, and builds the starter database once for both.
  const first = await startCluster(join(root, 'prepared'), ['--nodes', '1']);
  await stop(first);
  tables = fork(resolve('dist/embedded-dynamodb.cjs'), {
    env: { ...process.env, SPECTRUM_EMBEDDED_PATH: join(root, 'tables'), SPECTRUM_EMBEDDED_PORT: '0' },
    execArgv: [],
  });
  const [{ port }] = (await once(tables, 'message')) as [{ port: number }];
  endpoint = `http://127.0.0.1:${port}`;
  await new Promise<void>((done) => balancer.server.listen(0, '127.0.0.1', done));
}, 120_000);
afterAll(async () => {
  for (const start of starts) await stop(start);
  balancer.server.closeAllConnections();
  await balancer.drain();
  tables.kill('SIGTERM');
  await once(tables, 'exit');
  rmSync(root, { recursive: true });
}, 60_000);

async function startFive(name: string): Promise<StartedCluster> {
  const data = join(root, name);
  for (const part of ['reference-data']) cpSync(join(root, 'prepared', part), join(data, part), { recursive: true });
  const words = ['--nodes', '5', '--configuration-endpoint', endpoint, '--cluster', 'shared'];
  const started = await startCluster(data, words, { SPECTRUM_ADMIN_PASSWORD: adminPassword });
  starts.push(started);
  return started;
}

async function stop(start: StartedCluster): Promise<void> {
  start.starter.kill('SIGTERM');
  await start.ended;
}

const nodesOf = (name: string) => listProcesses(join(root, name)).filter((process) => process.name.startsWith('node-'));

function balance(names: readonly string[]): void {
  const nodes = names.flatMap((name) =>
    nodesOf(name).map(({ name: node, port }) => ({ name: node, port: Number(port) })),
  );
  balancer.table.replace(nodes.map((node) => ({ ...node, host: '127.0.0.1' })));
}

test('five nodes on a table server, five more join under load, half of them leave: nothing fails, nothing is lost', async () => {
  await startFive('first');
  balance(['first']);
  await waitUntil('five nodes are ready', () => countReady() === 5);
  const origin = `http://127.0.0.1:${(balancer.server.address() as AddressInfo).port}`;
  const pids = nodesOf('first').map(({ pid }) => pid);

  let isOver = false;
  const failed: string[] = [];
  const written: number[] = [];
  const load = [readForever(), readForever(), readForever(), writeForever()];

  await startFive('second');
  balance(['first', 'second']);
  await waitUntil('ten nodes are ready', () => countReady() === 10);
  const grown = written.length;
  await waitUntil('changes go on', () => written.length > grown + 10);

  await stop(starts[1] as StartedCluster);
  balance(['first']);
  const shrunk = written.length;
  await waitUntil('changes go on', () => written.length > shrunk + 10);
  isOver = true;
  await Promise.all(load);

  expect(failed).toEqual([]);
  expect(nodesOf('first').map(({ pid }) => pid)).toEqual(pids);
  expect(await readHistory()).toEqual(written);

  function countReady(): number {
    return balancer.table.nodes.filter(({ state }) => state === 'ready').length;
  }

  async function readForever(): Promise<void> {
    const path = '/rest/ValidateAddress/results.json?Data.AddressLine1=1745+T+Street+Southeast&Data.PostalCode=20020';
    while (!isOver) {
      const answer = await fetch(origin + path, { headers: { authorization } });
      if (answer.status !== 200) failed.push(`${answer.status} ${await answer.text()}`);
      else await answer.arrayBuffer();
    }
  }

  /** One user whose token generation counts the changes: a lost or repeated one would show in the history. */
  async function writeForever(): Promise<void> {
    const table = { tableName: 'spectrum', endpoint };
    const configuration = await openConfiguration({ table, clusterName: 'shared' });
    for (let number = 1; !isOver; number++) {
      const { value, revision } = configuration.snapshot().find<User>('user', 'admin') ?? { revision: 0 };
      const change = { kind: 'user', name: 'admin', operation: 'put', by: 'test' } as const;
      const changed = { ...value, description: String(number) };
      await configuration.write({ ...change, value: changed, expected: revision }).then(
        () => written.push(number),
        (error) => failed.push(String(error)),
      );
    }
    await configuration.close();
  }

  async function readHistory(): Promise<number[]> {
    const table = { tableName: 'spectrum', endpoint };
    const configuration = await openConfiguration({ table, clusterName: 'shared' });
    const numbers: number[] = [];
    for await (const { by, value } of configuration.history()) {
      if (by === 'test') numbers.unshift(Number((JSON.parse(String(value)) as User).description));
    }
    await configuration.close();
    return numbers;
  }
}, 240_000);
