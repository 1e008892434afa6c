import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServiceThread } from '../../../server/jobs/service-thread.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spectrum-threads-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(program: string, memoryMiB: number) {
  const path = join(folder, 'program.cjs');
  writeFileSync(path, `const { parentPort, workerData } = require('node:worker_threads');\n${program}`);
  return startServiceThread(path, { word: 'hello' }, memoryMiB);
}

const call = { call: 1, service: 'Echo', options: {}, fields: [], rows: '[]' };

test('a thread answers with what it was given, and ends when it is stopped', async () => {
  const thread = start(
    `parentPort.on('message', ({ call }) => parentPort.postMessage({ call, answers: workerData.word }));`,
    128,
  );
  const reply = new Promise((resolve) => thread.onReply(resolve));
  const end = new Promise((resolve) => thread.onEnd(resolve));
  thread.send(call);
  expect(await reply).toEqual({ call: 1, answers: 'hello' });
  await thread.stop();
  expect(await end).toBe('a thread of its services ended before the run did');
});

test('a thread that needs more memory than it may have ends, with the name of the setting, and this process goes on', async () => {
  const thread = start(
    `parentPort.on('message', () => { const kept = []; for (;;) kept.push(new Array(100_000).fill(kept.length)); });`,
    32,
  );
  const end = new Promise((resolve) => thread.onEnd(resolve));
  thread.send(call);
  expect(await end).toBe(
    'a thread of its services ended: it needs more memory than the 32 MiB of SPECTRUM_JOB_MEMORY_MIB',
  );
});
