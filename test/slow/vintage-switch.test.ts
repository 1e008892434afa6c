import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askOn, learnAnswers, listRows } from '../../bench/failover/load.ts';
import { runSpectrum, type StartedCluster, startCluster } from '../../bench/failover/local-cluster.ts';
import { runVintageSwitches } from '../../bench/failover/vintage-switch.ts';
import { buildSwitchedVintages, listGeocodings, switchedDatabase } from '../../bench/failover/vintages.ts';

/** Seconds of load; the share of automation is short, `FAILOVER_SECONDS=60` is the full length. */
const durationMs = Number(process.env.FAILOVER_SECONDS ?? 10) * 1_000;

let root = '';
let share = '';
let switching: StartedCluster;
let staying: StartedCluster;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-switch-'));
  share = join(root, 'share');
  buildSwitchedVintages(share);
  // What clusters note beside the vintages is all that is ever written there.
  mkdirSync(join(share, switchedDatabase, '.uses'));
  setWritable(share, false);
  [switching, staying] = [await startOn('one'), await startOn('two')];
}, 180_000);

afterAll(async () => {
  for (const cluster of [switching, staying]) {
    cluster.starter.kill('SIGTERM');
    await cluster.ended;
  }
  setWritable(share, true);
  rmSync(root, { recursive: true });
});

/** A cluster of its own whose reference data holds the shared database. */
async function startOn(name: string): Promise<StartedCluster> {
  const dataPath = join(root, name);
  mkdirSync(join(dataPath, 'reference-data'), { recursive: true });
  symlinkSync(join(share, switchedDatabase), join(dataPath, 'reference-data', switchedDatabase));
  return await startCluster(dataPath);
}

function setWritable(folder: string, isWritable: boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === '.uses') continue;
    if (entry.isDirectory()) setWritable(path, isWritable);
    else chmodSync(path, isWritable ? 0o644 : 0o444);
  }
  chmodSync(folder, isWritable ? 0o755 : 0o555);
}

async function spectrum(cluster: StartedCluster, ...words: string[]) {
  return await runSpectrum(words, { SPECTRUM_PASSWORD: cluster.password }).ended;
}

test('one cluster switches and rolls back under load without a failed or mixed answer, the other stays as it is', async () => {
  const published = await spectrum(
    staying,
    ...['data', 'publish', '--url', staying.url, '--name', switchedDatabase, '--vintage', 'q1'],
  );
  expect(published).toMatchObject({ code: 0, stderr: '' });
  const questions = listGeocodings(listRows(), staying.password);
  const answers = await learnAnswers(staying.url, questions);
  const load = askOn(staying.url, questions, (at) => (answer) => answer === answers[at], 2);
  const { requests, switches, failures } = await runVintageSwitches(switching, durationMs);
  const other = await load.stop();
  process.stderr.write(
    `vintage switch: ${requests} requests, ${switches} switches, ${failures.length} failed or mixed\n`,
  );
  expect(failures).toEqual([]);
  expect(other.failures).toEqual([]);
  expect(switches).toBeGreaterThanOrEqual(2);
  expect(requests).toBeGreaterThan(100);
  expect(other.requests).toBeGreaterThan(100);
});

test('a vintage that some cluster uses is not retired, not even by name', async () => {
  const words = ['data', 'retire', '--name', switchedDatabase, '--out', share, '--keep', '1', '--yes'];
  const all = await spectrum(staying, ...words);
  expect(all.stdout).toMatch(/kept q1: in use by cluster local \(node-1/);
  expect(all.stdout).not.toContain('removed');
  const named = await spectrum(staying, ...words, 'q1');
  expect(named).toMatchObject({ code: 38 });
  expect(named.stderr).toContain('q1 is not removed: it is in use by cluster local');
});

test('a vintage that does not exist is refused, and the old one goes on answering', async () => {
  const words = ['data', 'publish', '--url', staying.url, '--name', switchedDatabase, '--vintage', 'q9'];
  const refused = await spectrum(staying, ...words);
  expect(refused).toMatchObject({ code: 38 });
  expect(refused.stderr).toContain('cannot open q9');
  const questions = listGeocodings(listRows(), staying.password).slice(0, 2);
  expect(await learnAnswers(staying.url, questions)).toHaveLength(2);
});
