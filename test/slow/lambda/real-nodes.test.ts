import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { environment } from '../../../contract/environment.ts';
import { healthPaths } from '../../../contract/health.ts';
import { estimateOffset } from '../../../lambda/time-sync/estimate.ts';
import { exchangeTimes, startClock } from '../../../lambda/time-sync/exchange.ts';
import { type FakeNode, startFakeNode } from '../../lambda/support/fake-node.ts';
import { startTestTables, type TestTables } from '../../support/table-server.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';
import { hasMoto } from '../lib/moto.ts';
import { invoke, synthesizeFunctions } from './bundled-functions.ts';
import { type MotoCluster, startMotoCluster } from './moto-cluster.ts';

// The bundles of a synthesis against real node processes on loopback addresses: three healthy, one stopped by SIGSTOP,
// one whose clock libfaketime has moved; a sixth address answers as no node does. ECS, the balancer's view and the
// runtime table are moto's.
const skewMs = 750;
const library = existsSync('/usr/lib') ? findFaketime('/usr/lib') : undefined;
const run = hasMoto && library ? test : test.skip;
const why = '(skipped where moto or libfaketime is not installed)';

let bundles: Record<string, string>;
let cluster: MotoCluster;
let tables: TestTables;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let wrong: FakeNode;
let healthy: readonly string[];
let hung: string;
let moved: string;
const children: ChildProcess[] = [];

function findFaketime(root: string): string | undefined {
  const places = readdirSync(root).map((name) => join(root, name, 'faketime', 'libfaketime.so.1'));
  return places.find((path) => existsSync(path));
}

beforeAll(async () => {
  if (!hasMoto || !library) return;
  execFileSync(process.execPath, ['scripts/build.js', '--when-stale']);
  bundles = synthesizeFunctions('cluster');
  cluster = await startMotoCluster(6);
  tables = await startTestTables();
  folder = await makeTemporaryFolder();
  await writeVintage(folder.path, 'v1', smallContent);
  const [wrongAddress = '', movedAddress = '', hungAddress = '', ...others] = cluster.addresses;
  [hung, moved, healthy] = [hungAddress, movedAddress, others];
  wrong = await startFakeNode({ address: wrongAddress, port: 0, behaviour: 'wrong' });
  const moveClock = { LD_PRELOAD: library, FAKETIME: `+${skewMs / 1000}`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  for (const address of [...healthy, hung]) startNode(address);
  startNode(moved, moveClock);
  for (const address of [...healthy, hung, moved]) await untilReady(address);
  // The fourth child is the one that hangs.
  children[healthy.length]?.kill('SIGSTOP');
}, 600_000);

afterAll(async () => {
  if (!hasMoto || !library) return;
  for (const child of children) child.kill('SIGKILL');
  // Whatever the start came to: a server that stays would keep the suite from ending.
  await cluster?.stop();
  await wrong?.close();
  await tables?.close();
  await folder?.remove();
});

function startNode(address: string, more: Readonly<Record<string, string>> = {}): void {
  const child = spawn(process.execPath, ['dist/node.cjs'], {
    env: {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: '1',
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      [environment.nodeName]: `node-${address}`,
      [environment.clusterName]: 'main',
      [environment.host]: address,
      [environment.port]: '0',
      [environment.healthPort]: String(wrong.port),
      [environment.configurationEndpoint]: tables.endpoint,
      [environment.referenceData]: folder.path,
      [environment.starterDatabase]: 'test/v1',
      [environment.adminPassword]: 'correct horse battery!',
      [environment.logLevel]: 'error',
      ...more,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
}

async function untilReady(address: string): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    const url = `http://${address}:${wrong.port}${healthPaths.ready}`;
    const ready = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await pause(50);
  }
  throw new Error(`the node at ${address} does not get ready`);
}

function watchEnvironment(): Record<string, string> {
  const services = [{ name: 'nodes', serviceArn: 'nodes', targetGroupArn: cluster.targetGroupArn, minimum: 2 }];
  return {
    WATCH_CLUSTER: 'main',
    WATCH_ECS_CLUSTER: 'main',
    WATCH_SERVICES: JSON.stringify(services),
    WATCH_HEALTH_PORT: String(wrong.port),
    WATCH_RUNTIME_TABLE: 'runtime',
    WATCH_CLOCK_SKEW_MS: '100',
    WATCH_AWS_ENDPOINT: cluster.endpoint,
  };
}

run(`node-health tells the hung and the wrong one from the nodes that work ${why}`, async () => {
  const { records } = await invoke(bundles.nodehealth ?? '', watchEnvironment());
  const results = new Map(records.map(({ address, result }) => [address, result]));
  for (const address of [...healthy, moved]) expect(results.get(address)).toBe('ready');
  expect(results.get(hung)).toBe('silent');
  expect(records.filter(({ result }) => result === 'wrong')).toHaveLength(1);
  expect(records.at(-1)).toMatchObject({ NodesRunning: 6, NodesReady: 4, NodesNotAnswering: 2, NodesStopped: 0 });
});

run(`time-sync proves which clock was moved, and by how much, and keeps it for all nodes ${why}`, async () => {
  const { records } = await invoke(bundles.timesync ?? '', watchEnvironment());
  const verdicts = Object.fromEntries(records.flatMap(({ Node, verdict }) => (Node ? [[Node, verdict]] : [])));
  const expected = [...healthy.map((address) => [`node-${address}`, 'within']), [`node-${moved}`, 'beyond']];
  expect(verdicts).toEqual(Object.fromEntries(expected));
  expect(records.at(-1)).toMatchObject({ ClocksUnreachable: 2, ReferenceSuspect: 0 });
  const { ProvenSkewMs, ClockSpreadMs } = records.at(-1) as Record<string, number>;
  expect(ProvenSkewMs).toBeLessThanOrEqual(skewMs + 1);
  expect(ClockSpreadMs).toBeGreaterThan(skewMs - 20);
  const items = await cluster.scan();
  const beyond = items.filter(({ verdict }) => verdict?.S === 'beyond').map(({ pk, sk }) => [pk?.S, sk?.S]);
  expect(beyond).toEqual([['clock#main', `node-${moved}`]]);
});

run(`the estimate errs by less than a millisecond in the middle, and stays inside its bound ${why}`, async () => {
  const nowMs = startClock();
  const errors: { readonly errorMs: number; readonly boundMs: number }[] = [];
  const [reference = ''] = healthy;
  const estimate = async (address: string) =>
    estimateOffset((await exchangeTimes(address, wrong.port, 9, nowMs)).exchanges);
  for (let round = 0; round < 40; round++) {
    // Between two nodes, so that this process's own clock cancels out.
    const own = await estimate(reference);
    for (const [address, knownMs] of [
      ...healthy.slice(1).map((peer) => [peer, 0] as const),
      [moved, skewMs] as const,
    ]) {
      const other = await estimate(address);
      const errorMs = Math.abs(other.offsetMs - own.offsetMs - knownMs);
      errors.push({ errorMs, boundMs: own.boundMs + other.boundMs });
    }
  }
  const sorted = errors.map(({ errorMs }) => errorMs).sort((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  process.stdout.write(
    `clock estimates ${errors.length}, median error ${medianMs.toFixed(3)} ms, largest ${sorted.at(-1)?.toFixed(3)} ms\n`,
  );
  expect(medianMs).toBeLessThan(1);
  expect(errors.filter(({ errorMs, boundMs }) => errorMs > boundMs)).toEqual([]);
});
