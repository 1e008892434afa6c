import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStatement } from '../../../server/jobs/statement-thread.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spectrum-statements-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const task = {
  connection: 'db',
  definition: { type: 'sqlite', settings: { file: 'x.db' } },
  texts: ['SELECT 1'],
  values: [],
  fileRoots: [],
  secrets: '',
};

function start(program: string) {
  const path = join(folder, 'program.cjs');
  writeFileSync(path, `const { parentPort, workerData } = require('node:worker_threads');\n${program}`);
  return startStatement(path, task, 128);
}

test.each([
  ['parentPort.postMessage({});', {}],
  ["parentPort.postMessage({ error: workerData.statement.connection + ': refused' });", { error: 'db: refused' }],
  ["throw new Error('a fault');", { error: 'a fault' }],
  ['parentPort.close();', { error: 'it was stopped; whether the statement was done is not known' }],
])('what the thread says is how the statement ended: %s', async (program, reply) => {
  expect(await start(program).ended).toEqual(reply);
});

test('a statement is stopped at once', async () => {
  const { ended, stop } = start("parentPort.on('message', () => 0);");
  stop();
  expect(await ended).toEqual({ error: 'it was stopped; whether the statement was done is not known' });
});
