import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabases } from '../../../../server/connections/index.ts';
import type { LayoutField, Row } from '../../../../server/dataflow/index.ts';
import { completeFiles } from '../../../../server/jobs/file-completion.ts';
import { RunFiles } from '../../../../server/jobs/run-files.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cached: readonly LayoutField[] = [
  { name: 'Code', type: 'long' },
  { name: 'Country', type: 'string' },
  { name: 'City', type: 'string' },
  { name: 'People', type: 'integer' },
];
const cities: readonly Row[] = [
  [1n, 'US', 'Boston', 650_000],
  [1n, 'CA', 'Toronto', null],
  [2n, 'US', 'Denver', 715_000],
  [1n, 'US', 'A second one', 1],
  [null, 'US', 'No code', 2],
];
const given: readonly LayoutField[] = [
  { name: 'code', type: 'integer' },
  { name: 'Country', type: 'string' },
];
const asked: readonly Row[] = [
  [2, 'US'],
  [1, 'US'],
  [1, 'CA'],
  [3, 'US'],
  [null, 'US'],
];

async function generate(settings: object = {}): Promise<void> {
  const files = new RunFiles({ roots: [folder], run: 'generating', epoch: 1 });
  await runStage({
    type: 'GenerateCache',
    settings: { cache: 'cities', ...settings },
    inputs: { input_port: { fields: cached, rows: cities } },
    outputs: [],
    resources: { files },
  });
  await completeFiles(files.targets());
}

const settings = {
  cache: 'cities',
  keys: [{ field: 'Code', from: 'code' }, { field: 'Country' }],
  fields: [
    { name: 'Town', column: 'City' },
    { name: 'People', type: 'integer' },
  ],
};
const stage = (more: object, resources: object = {}) => ({
  type: 'QueryCache',
  settings: { ...settings, ...more },
  inputs: { input_port: { fields: given, rows: asked } },
  resources: { files: new RunFiles({ roots: [folder], run: 'asking', epoch: 1 }), ...resources },
});
const answers: readonly Row[] = [
  [2, 'US', 'Denver', 715_000],
  [1, 'US', 'Boston', 650_000],
  [1, 'CA', 'Toronto', null],
];

test('a global cache that one run made answers in another', async () => {
  await generate();
  expect((await runStage(stage({}))).rows.output_port).toEqual([
    ...answers,
    [3, 'US', null, null],
    [null, 'US', null, null],
  ]);
});

test('what has no match takes the default value, or is left out', async () => {
  await generate();
  const kept = (await runStage(stage({ defaultValue: 'unknown' }))).rows.output_port;
  expect(kept?.slice(3)).toEqual([
    [3, 'US', 'unknown', null],
    [null, 'US', 'unknown', null],
  ]);
  expect((await runStage(stage({ noMatch: 'leave out' }))).rows.output_port).toEqual(answers);
});

test('a local cache is a table of a database', async () => {
  const connections = { db: { type: 'sqlite', settings: { file: 'cities.db' } } };
  const secrets = { resolve: async () => '' };
  const databases = openDatabases({ run: 'r', connections, secrets, fileRoots: [folder] });
  await runStage({
    type: 'WriteToDB',
    settings: { connection: 'db', table: 'cities', prepare: 'create' },
    inputs: { input_port: { fields: cached, rows: cities } },
    outputs: [],
    resources: { databases },
  });
  const local = { type: 'local', cache: undefined, connection: 'db', table: 'cities', noMatch: 'leave out' };
  const { cache: _global, ...rest } = { ...settings, ...local };
  const { rows } = await runStage({ ...stage({}, { databases }), settings: rest });
  expect(rows.output_port).toEqual(answers);
  await databases.close();
});

test('a cache that nobody made, and a field that it lacks, are told', async () => {
  await expect(runStage(stage({}))).rejects.toThrow(
    'there is no cache cities; run the flow that makes it by Generate Cache',
  );
  await generate({ fields: ['Code', 'Country', 'City'] });
  await expect(runStage(stage({}))).rejects.toThrow('the cache cities has no field People; it has Code, Country, City');
});

test('settings that say too little are refused', () => {
  expect(problemsOf(stage({ type: 'local', keys: [{ field: 'Code' }] }))).toEqual([
    'stage stage: connection: it is missing; a local cache needs it',
    'stage stage: table: it is missing; a local cache needs it',
    'stage stage, port input_port: keys: no field Code arrives; did you mean code?',
  ]);
});
