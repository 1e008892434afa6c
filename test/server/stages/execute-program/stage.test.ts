import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPrograms } from '../../../../server/connections/index.ts';
import type { Row } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'programs-'));
  const script = `#!${process.execPath}
const [what, ...rest] = process.argv.slice(2);
if (what === 'fail') { process.stderr.write('no such customer'); process.exitCode = 7; }
else if (what === 'hang') setTimeout(() => {}, 1_000_000);
else if (what === 'leave') {
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'inherit', detached: true });
  require('node:fs').writeFileSync('left.txt', String(child.pid));
  child.unref();
}
else require('node:fs').appendFileSync('said.txt', JSON.stringify([what, ...rest, process.env.HOME ?? 'no home']) + '\\n');
`;
  writeFileSync(join(folder, 'program'), script);
  chmodSync(join(folder, 'program'), 0o755);
});
afterEach(() => rmSync(join(folder, 'said.txt'), { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fields = [
  { name: 'name', type: 'string' },
  { name: 'n', type: 'integer' },
] as const;
const rows: readonly Row[] = [
  ["Anna; touch '$HOME/x' `id`", 1],
  [null, 2],
];
const field = (name: string) => `$\{${name}}`;

const stage = (settings: object) => ({
  type: 'ExecuteProgram',
  settings: { program: 'note', ...settings },
  inputs: { input_port: { fields, rows } },
  outputs: [],
  resources: { programs: openPrograms({ allowed: { note: join(folder, 'program') }, folder }) },
});
const said = () =>
  readFileSync(join(folder, 'said.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

test('a program runs for each record, its arguments are no shell text, and it sees nothing of the node', async () => {
  await runStage(stage({ arguments: ['hello', `${field('name')}:${field('n')}`] }));
  expect(said()).toEqual([
    ['hello', "Anna; touch '$HOME/x' `id`:1", 'no home'],
    ['hello', ':2', 'no home'],
  ]);
});

test('a program that runs once does so when the last record has arrived', async () => {
  await runStage(stage({ runs: 'once', arguments: ['done'] }));
  expect(said()).toEqual([['done', 'no home']]);
});

test('a failure fails the job with what the program said, unless its code means success', async () => {
  await expect(runStage(stage({ runs: 'once', arguments: ['fail'] }))).rejects.toThrow(
    'stage stage: program note ended with 7: no such customer',
  );
  await runStage(stage({ runs: 'once', arguments: ['fail'], successCodes: [0, 7] }));
});

test('a program that hangs is killed', async () => {
  const hanging = runStage(stage({ runs: 'once', arguments: ['hang'], timeoutSeconds: 1 }));
  await expect(hanging).rejects.toThrow('program note was killed, at the latest after 1 s');
});

test('what a program leaves running is not waited for', async () => {
  await runStage(stage({ runs: 'once', arguments: ['leave'], timeoutSeconds: 20 }));
  const left = Number(readFileSync(join(folder, 'left.txt'), 'utf8'));
  // It is still there, with the output of the program open.
  expect(process.kill(left, 0)).toBe(true);
  process.kill(left, 'SIGKILL');
});

test('a program that nobody allowed is not run', async () => {
  await expect(runStage(stage({ program: '/bin/sh' }))).rejects.toThrow(
    'program /bin/sh is not allowed here; it allows note (SPECTRUM_PROGRAMS)',
  );
  const none = { programs: openPrograms({ allowed: {}, folder }) };
  await expect(runStage({ ...stage({}), resources: none })).rejects.toThrow('this node allows none');
  await expect(runStage({ ...stage({}), resources: {} })).rejects.toThrow('programs are not run here');
  expect(existsSync(join(folder, 'said.txt'))).toBe(false);
});

test('a field that does not arrive, or that one run cannot have, is told', () => {
  expect(problemsOf(stage({ arguments: [field('nam')] }))).toEqual([
    'stage stage, port input_port: arguments: no field nam arrives; did you mean name?',
  ]);
  expect(problemsOf(stage({ runs: 'once', arguments: [field('name')] }))).toEqual([
    'stage stage: arguments: name is a field, of which a program that runs once has none; leave it out',
  ]);
});
