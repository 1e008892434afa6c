import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileDataflow, type RunCheckpoint } from '../../../server/dataflow/index.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { Execution, type ExecutionProps } from '../../../server/jobs/execution.ts';
import { RunFiles } from '../../../server/jobs/run-files.ts';
import { createServiceAccess } from '../../../server/jobs/service-access.ts';
import { openSecrets } from '../../../server/secrets/index.ts';
import { serviceRegistry } from '../../../server/services/index.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { createInMemoryAddressDatabase } from '../../support/in-memory-address-database.ts';

const database = createInMemoryAddressDatabase({
  postalCodes: [{ code: '20020', stateProvince: 'DC', cities: ['WASHINGTON'] }],
  streets: [{ postalCode: '20020', name: 'T', suffix: 'ST', postdirectional: 'SE', points: ['1745', '1747'] }],
});
const services = createServiceAccess({
  services: serviceRegistry,
  savedOptions: () => ({}),
  databases: () => ({ database: () => database }),
});

const channel = (from: string, to: string) => {
  const end = (text: string) => ({ stage: text.split('.')[0], port: text.split('.')[1] });
  return { from: end(from), to: end(to) };
};

/** The steward's job: read, validate, geocode, put failures aside. */
const job = {
  type: 'job',
  stages: [
    {
      id: 'read',
      type: 'ReadFromFile',
      settings: {
        file: 'customers.psv',
        separator: '|',
        fields: ['Id', 'AddressLine1', 'City', 'StateProvince', 'PostalCode'].map((name) => ({ name })),
      },
    },
    { id: 'validate', type: 'ValidateAddress' },
    { id: 'geocode', type: 'GeocodeUSAddress', settings: { options: { FallbackToGeographic: 'N' } } },
    {
      id: 'route',
      type: 'ConditionalRouter',
      settings: { conditions: [{ port: 'good', all: [{ field: 'Status', operator: 'is null' }] }], default: 'bad' },
    },
    {
      id: 'good',
      type: 'WriteToFile',
      settings: {
        file: 'good.csv',
        fields: ['Id', 'AddressLine1', 'PostalCode', 'Latitude'].map((name) => ({ name })),
      },
    },
    {
      id: 'bad',
      type: 'WriteToFile',
      settings: { file: 'out/bad.csv', fields: [{ name: 'Id', as: 'Customer' }, { name: 'Status.Code' }] },
    },
  ],
  channels: [
    channel('read.output_port', 'validate.input_port'),
    channel('validate.output_port', 'geocode.input_port'),
    channel('geocode.output_port', 'route.input_port'),
    channel('route.good', 'good.input_port'),
    channel('route.bad', 'bad.input_port'),
  ],
};

const secrets = openSecrets({ folder: undefined });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'job-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function writeCustomers(count: number): void {
  const lines = Array.from({ length: count }, (_, index) =>
    index % 3 === 2
      ? `${index}|12 Nowhere Lane|Washington|DC|20020`
      : `${index}|${1745 + 2 * (index % 2)} t street southeast|washington|dc|`,
  );
  writeFileSync(join(folder, 'customers.psv'), `Id|Address|City|State|ZIP\r\n${lines.join('\r\n')}\r\n`);
}

async function execute(epoch = 1, props: Partial<ExecutionProps> = {}, document: object = job) {
  const plan = compileDataflow('clean', document, stageTypes);
  const files = new RunFiles({ roots: [folder], run: 'run-1', epoch });
  const execution = await Execution.create({
    plan,
    files,
    services,
    secrets,
    spillRoot: folder,
    log: silentLog,
    ...props,
  });
  return { execution, outcome: await execution.execute() };
}

const read = (name: string) => readFileSync(join(folder, name), 'utf8');

test('a job reads, validates, geocodes and routes into two files', async () => {
  writeCustomers(6);
  const { outcome, execution } = await execute();
  expect(outcome).toEqual({ status: 'succeeded' });
  expect(read('good.csv').split('\n').slice(0, 2)).toEqual([
    'Id,AddressLine1,PostalCode,Latitude',
    expect.stringMatching(/^0,1745 T St SE,20020,\S+$/),
  ]);
  expect(read('good.csv').trim().split('\n')).toHaveLength(5);
  expect(read('out/bad.csv').split('\n')[0]).toBe('Customer,Status.Code');
  expect(read('out/bad.csv').trim().split('\n')).toHaveLength(3);
  expect(execution.counters().map(({ recordsRead }) => recordsRead)).toEqual([6, 6, 6, 6, 4, 2]);
  expect(readdirSync(folder).filter((name) => name.startsWith('.') || name.startsWith('run-'))).toEqual([]);
});

/** The steward's job, its services worked on by several instances. */
function withInstances(instances: number): object {
  const stages = job.stages.map((stage) =>
    stage.settings && stage.type !== 'GeocodeUSAddress' ? stage : { ...stage, instances },
  );
  return { ...job, stages };
}

test.each([1, 3])(
  'another owner goes on at a checkpoint of one that died, to the same bytes: %i instances',
  async (instances) => {
    const document = withInstances(instances);
    writeCustomers(9_000);
    await execute();
    const undisturbed = [read('good.csv'), read('out/bad.csv')];
    const checkpoints: RunCheckpoint[] = [];
    const onCheckpoint = async (checkpoint: RunCheckpoint) => void checkpoints.push(checkpoint);
    const beforeCompletion = () => Promise.reject(new Error('the node was killed'));
    const died = await execute(1, { checkpointRows: 1_000, onCheckpoint, beforeCompletion }, document);
    expect(died.outcome).toMatchObject({ status: 'failed', error: { message: 'the node was killed' } });
    expect(checkpoints.length).toBeGreaterThan(0);
    const [first, middle, last] = [checkpoints[0], checkpoints[Math.floor(checkpoints.length / 2)], checkpoints.at(-1)];
    for (const [index, restored] of [first, middle, last].entries()) {
      rmSync(join(folder, 'good.csv'));
      const { outcome } = await execute(
        index + 2,
        { restored: JSON.parse(JSON.stringify(restored)) as RunCheckpoint },
        document,
      );
      expect(outcome).toEqual({ status: 'succeeded' });
      expect([read('good.csv'), read('out/bad.csv')]).toEqual(undisturbed);
    }
  },
);

test('what fails leaves files of that name as they were', async () => {
  writeCustomers(3);
  writeFileSync(join(folder, 'good.csv'), 'yesterday');
  const { outcome } = await execute(1, { beforeCompletion: () => Promise.reject(new Error('fenced')) });
  expect(outcome.status).toBe('failed');
  expect(read('good.csv')).toBe('yesterday');
});

test.each([
  ['a path that climbs out', '../secrets.csv'],
  ['an absolute path', '/etc/passwd'],
  ['a link that leads elsewhere', 'elsewhere/passwd'],
])('%s is refused', async (_, file) => {
  symlinkSync('/etc', join(folder, 'elsewhere'));
  mkdirSync(join(folder, 'out'), { recursive: true });
  const [readStage, ...others] = job.stages;
  const document = { ...job, stages: [{ ...readStage, settings: { ...readStage?.settings, file } }, ...others] };
  const { outcome } = await execute(1, {}, document);
  expect(outcome).toMatchObject({
    status: 'failed',
    error: { message: expect.stringContaining('outside of the folders') },
  });
});

test('malformed records stop the run, unless they go to the error port', async () => {
  writeFileSync(join(folder, 'customers.psv'), 'Id\n1|2\n"3\n');
  const source = {
    id: 'read',
    type: 'ReadFromFile',
    settings: {
      file: 'customers.psv',
      separator: '|',
      fields: [{ name: 'Id', type: 'integer' }],
      moreFieldsAreMalformed: true,
    },
  };
  const write = { id: 'write', type: 'WriteToFile', settings: { file: 'out.csv' } };
  const errors = { id: 'errors', type: 'WriteToFile', settings: { file: 'errors.csv' } };
  const alone = { type: 'job', stages: [source, write], channels: [channel('read.output_port', 'write.input_port')] };
  const { outcome } = await execute(1, {}, alone);
  expect(outcome).toMatchObject({
    error: {
      message:
        'stage read: customers.psv, record 2: it has 2 fields; 1 are expected; the run stops at 1 malformed record',
    },
  });
  const both = {
    ...alone,
    stages: [source, write, errors],
    channels: [...alone.channels, channel('read.error_port', 'errors.input_port')],
  };
  expect((await execute(2, {}, both)).outcome).toEqual({ status: 'succeeded' });
  expect(read('errors.csv')).toContain('"customers.psv, record 2",it has 2 fields; 1 are expected,1 2\n');
  expect(read('out.csv')).toBe('Id\n');
});

const twoSources = {
  type: 'job',
  stages: [
    { id: 'a', type: 'ReadFromFile', settings: { file: 'a.csv', fields: [{ name: 'Id' }] } },
    { id: 'b', type: 'ReadFromFile', settings: { file: 'b.csv', fields: [{ name: 'Id' }] } },
    { id: 'both', type: 'StreamCombiner' },
    { id: 'write', type: 'WriteToFile', settings: { file: 'out.csv' } },
  ],
  channels: [
    channel('a.output_port', 'both.a'),
    channel('b.output_port', 'both.b'),
    channel('both.output_port', 'write.input_port'),
  ],
};

test('streams of two files are joined, each waiting for room in its turn', async () => {
  const lines = (mark: string) => Array.from({ length: 60_000 }, (_, index) => `${mark}${index}-${'x'.repeat(30)}`);
  for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.csv`), `Id\n${lines(name).join('\n')}\n`);
  expect((await execute(1, {}, twoSources)).outcome).toEqual({ status: 'succeeded' });
  expect(read('out.csv').trim().split('\n').sort()).toEqual(['Id', ...lines('a'), ...lines('b')].sort());
});

const copy = (settings: object, file = 'in*.csv') => ({
  type: 'job',
  stages: [
    { id: 'read', type: 'ReadFromFile', settings: { file, fields: [{ name: 'Id' }] } },
    { id: 'write', type: 'WriteToFile', settings: { file: 'out.csv', ...settings } },
  ],
  channels: [channel('read.output_port', 'write.input_port')],
});

test('a file that may not be replaced is refused before anything is read, and nothing else is replaced', async () => {
  writeFileSync(join(folder, 'in1.csv'), 'Id\n1\n');
  writeFileSync(join(folder, 'out.csv'), 'old');
  const { outcome } = await execute(1, {}, copy({ mode: 'refuse' }));
  expect(outcome).toMatchObject({ error: { message: 'file: out.csv is there already and may not be replaced' } });
  expect(read('out.csv')).toBe('old');
});

test('what is appended to a file meanwhile is not lost', async () => {
  writeFileSync(join(folder, 'in1.csv'), 'Id\n1\n');
  writeFileSync(join(folder, 'out.csv'), 'Id\n0\n');
  expect((await execute(1, {}, copy({ mode: 'append' }))).outcome).toEqual({ status: 'succeeded' });
  expect(read('out.csv')).toBe('Id\n0\n1\n');
  const beforeCompletion = async () => writeFileSync(join(folder, 'out.csv'), 'Id\n0\n1\nfrom elsewhere\n');
  const { outcome } = await execute(2, { beforeCompletion }, copy({ mode: 'append' }));
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('was changed while the run appended') } });
  expect(read('out.csv')).toContain('from elsewhere');
});

test('files that arrive while a run is taken over are not read in the place of others', async () => {
  const rows = (mark: string) => Array.from({ length: 20_000 }, (_, index) => `${mark}${index}`);
  for (const name of ['1', '2']) writeFileSync(join(folder, `in${name}.csv`), `Id\n${rows(name).join('\n')}\n`);
  const checkpoints: RunCheckpoint[] = [];
  const onCheckpoint = async (checkpoint: RunCheckpoint) => void checkpoints.push(checkpoint);
  const beforeCompletion = () => Promise.reject(new Error('killed'));
  await execute(1, { checkpointRows: 1, onCheckpoint, beforeCompletion }, copy({}));
  writeFileSync(join(folder, 'in0.csv'), 'Id\nlate\n');
  const restored = JSON.parse(JSON.stringify(checkpoints.at(-1))) as RunCheckpoint;
  expect((await execute(2, { restored }, copy({}))).outcome).toEqual({ status: 'succeeded' });
  expect(read('out.csv').trim().split('\n')).toEqual(['Id', ...rows('1'), ...rows('2')]);
});

test('a link out of the folder is not read', async () => {
  symlinkSync('/etc/passwd', join(folder, 'in1.csv'));
  const { outcome } = await execute(1, {}, copy({}));
  expect(outcome).toMatchObject({ error: { message: expect.stringContaining('outside of the folders') } });
});
