import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SupervisionEvent, Supervisor } from '../../../cli/local/supervisor.ts';

const times = { readyMs: 5_000, stopMs: 5_000, firstBackoffMs: 1, longestBackoffMs: 20, steadyMs: 30_000 };

let root = '';
const started: Supervisor[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-supervisor-'));
});
afterEach(async () => {
  for (const supervisor of started.splice(0)) await supervisor.stop();
  rmSync(root, { recursive: true });
});

const ready = `process.send({ ready: true, port: 7 });`;
const staysUp = `${ready} process.on('disconnect', () => process.exit()); process.on('SIGTERM', () => process.exit());`;

test('tells when the child is ready and where it listens', async () => {
  const { supervisor, events } = supervise(staysUp);
  expect(await supervisor.started).toBeUndefined();
  expect(supervisor.port).toBe(7);
  expect(events).toEqual([{ kind: 'ready', port: 7 }]);
});

test('starts a child again that dies, with growing pauses', async () => {
  const { supervisor, events } = supervise(`${ready} setTimeout(() => process.exit(3), 5);`);
  await supervisor.started;
  await until(() => events.filter(({ kind }) => kind === 'ready').length >= 4);
  const pauses = events.flatMap((event) => (event.kind === 'restarting' ? [event.delayMs] : []));
  expect(pauses.slice(0, 3)).toEqual([1, 2, 4]);
  expect(events.slice(0, 4).map(({ kind }) => kind)).toEqual(['ready', 'down', 'restarting', 'ready']);
});

test('a child that never gets ready ends the start with its own reason, after three tries', async () => {
  const { supervisor, events } = supervise(`process.stderr.write('no table\\n'); process.exit(1);`);
  expect(await supervisor.started).toEqual({
    name: 'child',
    reason: 'no table',
    logFile: join(root, 'child.log'),
    isDiskFull: false,
  });
  expect(events.filter(({ kind }) => kind === 'down')).toHaveLength(3);
});

test('a child that hangs before it is ready is ended and counted', async () => {
  const { supervisor } = supervise('setInterval(() => undefined, 1000);', { ...times, readyMs: 150 });
  expect(await supervisor.started).toMatchObject({ reason: 'child was not ready after 0.15 s' });
});

test('tells a full disk from other reasons', async () => {
  const { supervisor } = supervise(`throw new Error('ENOSPC: no space left on device, write');`);
  expect(await supervisor.started).toMatchObject({ isDiskFull: true });
});

test('a child that does not stop is killed, with the helpers in its group', async () => {
  const helper = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])`;
  const { supervisor, events } = supervise(
    `const helper = ${helper}; process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000);
     process.send({ helper: helper.pid }); ${ready}`,
    { ...times, stopMs: 100 },
  );
  await supervisor.started;
  const { pid } = supervisor;
  await supervisor.stop();
  const message = events.find((event) => event.kind === 'message') as { message: { helper: number } } | undefined;
  await until(() => !isAlive(Number(pid)) && !isAlive(Number(message?.message.helper)));
});

test('stopping while it waits for the next try ends at once', async () => {
  const { supervisor, events } = supervise('process.exit(1);', {
    ...times,
    firstBackoffMs: 60_000,
    longestBackoffMs: 60_000,
  });
  await until(() => events.some(({ kind }) => kind === 'restarting'));
  await supervisor.stop();
  expect(await supervisor.started).toMatchObject({ reason: 'it was stopped' });
});

test('keeps what the child prints, and hides what would change it', async () => {
  process.env.SPECTRUM_PORT = '1';
  process.env.AWS_PROFILE = 'mine';
  const { supervisor } = supervise(
    `console.log([process.env.SPECTRUM_PORT, process.env.AWS_PROFILE, process.env.OWN, process.execArgv.length].join()); ${staysUp}`,
  );
  await supervisor.started;
  delete process.env.SPECTRUM_PORT;
  delete process.env.AWS_PROFILE;
  await until(() => readFileSync(join(root, 'child.log'), 'utf8') === ',,own,0\n');
});

function supervise(script: string, pace = times) {
  const file = join(root, 'child.cjs');
  writeFileSync(file, script);
  const events: SupervisionEvent[] = [];
  const program = { name: 'child', script: file, environment: () => ({ OWN: 'own' }) };
  const supervisor = new Supervisor(program, join(root, 'child.log'), (event) => events.push(event), pace);
  started.push(supervisor);
  return { supervisor, events };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !isSo(); tries += 1) await new Promise((done) => setTimeout(done, 10));
  if (!isSo()) throw new Error('did not happen in time');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
