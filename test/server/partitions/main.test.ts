import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { exitCodes } from '../../../contract/exit-codes.ts';
import type { JobPartition, JobPlan, ResultManifest } from '../../../contract/jobs.ts';
import { CsvRows } from '../../../server/delimited/index.ts';
import { openAddressDatabase } from '../../../server/reference-data/index.ts';
import { parseOptions, serviceRegistry } from '../../../server/services/index.ts';
import { type FakeS3, startFakeS3 } from '../../support/fake-s3.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';

const project = resolve(__dirname, '../../..');
let root: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let program: string;
let s3: FakeS3;
let count = 0;

beforeAll(async () => {
  root = await makeTemporaryFolder();
  program = join(root.path, 'job.cjs');
  const entryPoints = [join(project, 'server/partitions/main.ts')];
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  await writeVintage(join(root.path, 'reference-data'), 'v1', smallContent);
  s3 = await startFakeS3();
}, 60_000);
beforeEach(() => {
  count += 1;
});
afterAll(async () => {
  await s3.close();
  await root.remove();
});

async function job(...words: readonly string[]) {
  const env = {
    PATH: process.env.PATH,
    NODE_NO_WARNINGS: '1',
    SPECTRUM_REFERENCE_DATA: join(root.path, 'reference-data'),
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += String(data);
  });
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, stdout, stderr };
}

const rows = Array.from({ length: 25 }, (_, index) => `${index},"Anacostia, ""old""",20020,${index % 2}\n`).join('');
const input = `Id,Town,PostalCode,Flag\n${rows}`;

/** Writes a plan and its input into a folder of the test's own; answers the plan's path. */
async function order(
  change: Partial<JobPlan> = {},
  text = input,
): Promise<{ readonly plan: string; readonly folder: string }> {
  const folder = join(root.path, `run-${count}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'input.csv'), text);
  const plan: JobPlan = {
    format: 1,
    run: 'run-7',
    step: { kind: 'service', service: 'GetCityStateProvince', options: {} },
    input: { location: join(folder, 'input.csv'), delimiter: ',' },
    output: { location: join(folder, 'output') },
    rowsPerPartition: 10,
    databases: { us: 'test/v1' },
    ...change,
  };
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  return { plan: join(folder, 'plan.json'), folder };
}

async function partitionsOf(folder: string): Promise<JobPartition[]> {
  return JSON.parse(await readFile(join(folder, 'partitions.json'), 'utf8')) as JobPartition[];
}

test('a plan is cut into partitions of whole rows, and their results together are the whole', async () => {
  const { plan, folder } = await order();
  expect(await job('plan', plan)).toMatchObject({ code: exitCodes.success.code, stdout: '{"partitions":3}\n' });
  const partitions = await partitionsOf(folder);
  const results: ResultManifest[] = [];
  for (const partition of partitions) {
    const { code, stdout, stderr } = await job(...partition.arguments.slice(1));
    expect([code, stderr]).toEqual([0, '']);
    results.push(JSON.parse(stdout) as ResultManifest);
  }
  expect(results.map(({ subject, records, rejected }) => [subject, records, rejected])).toEqual([
    ['run-7/00000', 10, 0],
    ['run-7/00001', 10, 0],
    ['run-7/00002', 5, 0],
  ]);
  const bodies: string[] = [];
  for (const { files } of results) {
    expect(files).toHaveLength(1);
    for (const { name, sizeBytes, sha256 } of files) {
      const bytes = await readFile(join(folder, 'output', name));
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([sizeBytes, sha256]);
      bodies.push(bytes.toString());
    }
  }
  const lines = bodies.flatMap((body) => body.trimEnd().split('\n').slice(1));
  expect(lines.map((line) => line.split(',')[0])).toEqual(Array.from({ length: 25 }, (_, index) => String(index)));
  expect(bodies[0]?.split('\n')[0]).toMatch(/^Id,Town,Flag,City,/);
  expect(lines[0]).toMatch(/Washington/);
  expect((await readdir(join(folder, 'output'))).sort()).toEqual(
    ['00000', '00001', '00002'].flatMap((part) => [`part-${part}.csv`, `part-${part}.manifest.json`]),
  );
}, 60_000);

test.each(['ValidateAddress', 'GeocodeUSAddress'])(
  '%s answers partition by partition as for the whole',
  async (name) => {
    const lines = ['1745 t street southeast', '1810 U Pl SE', '1747 t st se', '9 nowhere lane'];
    const asked = Array.from({ length: 12 }, (_, id) => ({
      AddressLine1: lines[id % lines.length] ?? '',
      City: 'washington',
      StateProvince: 'dc',
    }));
    const text = asked.map((row, id) => `${id},${Object.values(row).join(',')}\n`).join('');
    const step = { kind: 'service', service: name, options: { OutputCasing: 'U' } } as const;
    const { plan, folder } = await order({ step, rowsPerPartition: 5 }, `Id,AddressLine1,City,StateProvince\n${text}`);
    expect(await job('plan', plan)).toMatchObject({ code: 0, stdout: '{"partitions":3}\n' });
    const found: Readonly<Record<string, string>>[] = [];
    for (const partition of await partitionsOf(folder)) {
      const { code, stdout, stderr } = await job(...partition.arguments.slice(1));
      expect([code, stderr]).toEqual([0, '']);
      const [file] = (JSON.parse(stdout) as ResultManifest).files;
      found.push(...readRecords(await readFile(join(folder, 'output', file?.name ?? ''), 'utf8')));
    }
    expect(found.map(({ Id }) => Id)).toEqual(asked.map((_, id) => String(id)));
    const service = serviceRegistry.find((one) => one.name === name);
    const database = await openAddressDatabase(join(root.path, 'reference-data/test/v1'));
    const answers = await service?.run(asked, parseOptions(service.options, step.options), {
      database: () => database,
    });
    await database.close();
    for (const [id, [answer = {}] = []] of (answers ?? []).entries()) {
      for (const { name: field } of service?.output.fields ?? []) {
        expect([id, field, found[id]?.[field]]).toEqual([id, field, answer[field] ?? '']);
      }
    }
    expect(found[0]?.AddressLine1).toBe('1745 T ST SE');
  },
  60_000,
);

function readRecords(text: string): readonly Readonly<Record<string, string>>[] {
  const rows = new CsvRows(',');
  const [header, ...records] = [...rows.push(text), ...rows.end()].map(({ values }) => values);
  return records.map((values) => Object.fromEntries(values.map((value, index) => [header?.[index] ?? '', value])));
}

test('the same run on S3 writes each object once, and a second try only finds it', async () => {
  const prefix = `bucket/run-${count}`;
  const at = (name: string) => `s3://${prefix}/${name}`;
  const { folder } = await order({
    input: { location: at('input.csv'), delimiter: ',' },
    output: { location: at('output') },
  });
  s3.objects.set(`${prefix}/input.csv`, Buffer.from(input));
  s3.objects.set(`${prefix}/plan.json`, await readFile(join(folder, 'plan.json')));
  expect(await job('plan', at('plan.json'))).toMatchObject({ code: 0 });
  const partitions = JSON.parse(String(s3.objects.get(`${prefix}/partitions.json`))) as JobPartition[];
  const [, second] = partitions;
  const words = second?.arguments.slice(1) ?? [];
  const first = await job(...words);
  expect([first.code, first.stderr]).toEqual([0, '']);
  const written = new Map(s3.objects);
  expect(await job(...words)).toEqual(first);
  expect(await job('plan', at('plan.json'))).toMatchObject({ code: 0 });
  expect(s3.objects).toEqual(written);
  // A try that ended between the output and its manifest.
  s3.objects.delete(`${prefix}/output/part-00001.manifest.json`);
  expect(await job(...words)).toEqual(first);
  expect(s3.objects).toEqual(written);
}, 60_000);

test('two tries at once leave one result', async () => {
  const { plan, folder } = await order();
  await job('plan', plan);
  const [first] = await partitionsOf(folder);
  const words = first?.arguments.slice(1) ?? [];
  const ends = await Promise.all([job(...words), job(...words), job(...words)]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
  expect(await readdir(join(folder, 'output'))).toHaveLength(2);
}, 60_000);

test('rows of another width are listed with their line and counted', async () => {
  const { plan, folder } = await order({}, `${input}too,few\n"a,b",c,d,e,f\n25,Washington,20020,1\n`);
  await job('plan', plan);
  const last = (await partitionsOf(folder)).at(-1);
  const { stdout } = await job(...(last?.arguments.slice(1) ?? []));
  expect(JSON.parse(stdout)).toMatchObject({ records: 6, rejected: 2 });
  expect(await readFile(join(folder, 'output', 'part-00002.rejects.csv'), 'utf8')).toBe(
    'line,reason\n27,2 values instead of 4\n28,5 values instead of 4\n',
  );
}, 60_000);

test('a plan of the same name but other content never takes over a result', async () => {
  const { plan, folder } = await order();
  await job('plan', plan);
  const [first] = await partitionsOf(folder);
  const words = first?.arguments.slice(1) ?? [];
  await job(...words);
  await order({ rowsPerPartition: 11 });
  const end = await job(...words);
  expect(end.code).toBe(exitCodes.inputRefused.code);
  expect(end.stderr).toContain('is the result of run-7/00000 by another plan');
}, 60_000);

const refused: readonly [what: string, Partial<Record<keyof JobPlan, unknown>>, text: string, sentence: string][] = [
  [
    'an unknown service',
    { step: { kind: 'service', service: 'Nothing', options: {} } },
    input,
    'service "Nothing" is not known',
  ],
  [
    'an unknown option',
    { step: { kind: 'service', service: 'ValidateAddress', options: { Casing: 'M' } } },
    input,
    '"Casing" is not an option of ValidateAddress',
  ],
  ['a field of the plan', { rowsPerPartition: 0 }, input, 'rowsPerPartition 0 is not allowed'],
  ['a vintage that leads elsewhere', { databases: { us: '../x' } }, input, 'databases.us'],
  ['a column twice', {}, 'City,City\na,b\n', 'two columns are named "City"'],
  ['no known column', {}, 'A,B\na,b\n', 'no column is a field of GetCityStateProvince'],
  ['an empty input', {}, '', 'its first record names the columns'],
];

test.each(refused)(
  '%s is refused by a sentence, with the exit code of input',
  async (_what, change, text, sentence) => {
    const { plan, folder } = await order(change as Partial<JobPlan>, text);
    const end = await job('plan', plan);
    expect(end.code).toBe(exitCodes.inputRefused.code);
    expect(end.stderr).toContain(sentence);
    expect(existsSync(join(folder, 'partitions.json'))).toBe(false);
  },
);

test.each([
  [[], 'give one of plan, partition'],
  [['plan'], 'and one plan'],
  [['partition', 'plan.json', '--partition', 'x'], '--partition: "x" is not allowed'],
  [['partition', 'plan.json', '--partition', '1', '--bytes', '9-1'], '--bytes: "9-1" is not FROM-TO'],
])('%j is refused with the usage', async (words, sentence) => {
  const end = await job(...words);
  expect(end.code).toBe(exitCodes.usage.code);
  expect(end.stderr).toContain(sentence);
});

test('a vintage that the share does not hold yet may pass another time', async () => {
  const { plan, folder } = await order({ databases: { us: 'test/later' } });
  await job('plan', plan);
  const [first] = await partitionsOf(folder);
  expect(await job(...(first?.arguments.slice(1) ?? []))).toMatchObject({ code: exitCodes.internal.code });
}, 30_000);
