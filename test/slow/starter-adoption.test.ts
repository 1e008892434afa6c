import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runSpectrum, type StartedCluster, startCluster } from '../../bench/failover/local-cluster.ts';
import { managementPaths } from '../../contract/management.ts';

let dataPath = '';
let running: StartedCluster | undefined;

beforeAll(() => {
  dataPath = mkdtempSync(join(tmpdir(), 'spectrum-starter-'));
});
afterAll(async () => {
  await stop();
  rmSync(dataPath, { recursive: true });
});

async function start(): Promise<StartedCluster> {
  running = await startCluster(dataPath, ['--nodes', '1']);
  return running;
}

async function stop(): Promise<void> {
  running?.starter.kill('SIGTERM');
  await running?.ended;
  running = undefined;
}

async function vintageOf({ url, password }: StartedCluster): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  const answer = await fetch(`${url}${managementPaths.databaseResources}/starter`, { headers: { authorization } });
  return ((await answer.json()) as { vintage?: unknown }).vintage;
}

test('a start whose packages make a newer starter database builds and publishes it', async () => {
  const first = await start();
  const own = await vintageOf(first);
  // What an older program left: another vintage, in use, and not the one that this program makes.
  const out = join(dataPath, 'reference-data');
  const words = ['starter', '--vintage', 'e0-older', '--out', out];
  execFileSync(process.execPath, [resolve('dist/builder.cjs'), ...words], { stdio: 'pipe' });
  const older = ['data', 'publish', '--name', 'starter', '--vintage', 'e0-older', '--data', dataPath];
  expect(await runSpectrum(older).ended).toMatchObject({ code: 0, stderr: '' });
  expect(await vintageOf(first)).toBe('e0-older');
  await stop();
  rmSync(join(out, 'starter', String(own)), { recursive: true });

  const second = await start();
  expect(second.output()).toContain(`starter answers from ${own}`);
  expect(await vintageOf(second)).toBe(own);
  await stop();

  // The one that was rolled back to since stays.
  const third = await start();
  expect(await runSpectrum(older).ended).toMatchObject({ code: 0, stderr: '' });
  await stop();
  expect(await vintageOf(await start())).toBe('e0-older');
  expect(third.output()).not.toContain('starter answers from');
  expect(
    readdirSync(join(out, 'starter'))
      .filter((name) => name.startsWith('e'))
      .sort(),
  ).toEqual(['e0-older', own].sort());
});
