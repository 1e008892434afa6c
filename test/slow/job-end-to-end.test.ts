import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { channel } from '../../bench/dataflow/measuring.ts';
import { runSpectrum, type StartedCluster, startCluster, waitUntil } from '../../bench/failover/local-cluster.ts';
import { CsvRows } from '../../server/delimited/index.ts';

const batchInputs = resolve('../shared/data/batch-inputs');
const isHere = existsSync(batchInputs);
if (!isHere) process.stderr.write(`${batchInputs} is not there: no job of 20,000 customers was run by this test\n`);

const names = ['Id', 'AddressLine1', 'AddressLine2', 'City', 'StateProvince', 'PostalCode'];
/** What the input calls them is kept beside what the services answer. */
const written = ['Id', 'AddressLine1', 'City', 'StateProvince', 'PostalCode', 'Latitude', 'Longitude'];

/** Read → ValidateAddress → GeocodeUSAddress → Conditional Router → two files. */
function createJob(file: string, database: string): object {
  const options = { 'Database.US': database };
  const one = { field: 'Status', operator: 'is null' };
  return {
    type: 'job',
    stages: [
      {
        id: 'read',
        label: 'Customers',
        type: 'ReadFromFile',
        settings: { file, separator: '|', fields: names.map((name) => ({ name })) },
      },
      { id: 'validate', type: 'ValidateAddress', instances: 2, settings: { options } },
      { id: 'geocode', type: 'GeocodeUSAddress', settings: { options: { ...options, FallbackToGeographic: 'N' } } },
      {
        id: 'route',
        type: 'ConditionalRouter',
        settings: { conditions: [{ port: 'good', all: [one] }], default: 'bad' },
      },
      {
        id: 'good',
        label: 'Good',
        type: 'WriteToFile',
        settings: { file: 'good.csv', fields: written.map((name) => ({ name })) },
      },
      {
        id: 'bad',
        label: 'Bad',
        type: 'WriteToFile',
        settings: { file: 'bad.csv', fields: ['Id', 'Status.Code'].map((name) => ({ name })) },
      },
    ],
    channels: [
      'read.output_port > validate.input_port',
      'validate.output_port > geocode.input_port',
      'geocode.output_port > route.input_port',
      'route.good > good.input_port',
      'route.bad > bad.input_port',
    ].map(channel),
  };
}

let folder: string;
let data: string;
let cluster: StartedCluster;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'job-end-to-end-'));
  data = join(folder, 'data');
  cluster = await startCluster(data);
  mkdirSync(join(data, 'files'), { recursive: true });
}, 240_000);
afterAll(async () => {
  cluster.starter.kill('SIGTERM');
  await cluster.ended;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function spectrum(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runSpectrum(words).ended;
  expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: '' });
  return stdout;
}

type CsvRecord = Readonly<Record<string, string>>;

function parse(text: string): readonly CsvRecord[] {
  const rows = new CsvRows(',');
  const [header, ...records] = [...rows.push(text), ...rows.end()].map(({ values }) => values);
  return records.map((values) => Object.fromEntries(values.map((value, index) => [header?.[index] ?? '', value])));
}

async function runJob(file: string, database: string) {
  const document = join(folder, 'clean.json');
  writeFileSync(document, JSON.stringify(createJob(file, database)));
  await spectrum('dataflow', 'import', document, '--expose', '--data', data);
  const shown = await spectrum('job', 'submit', 'clean', '--wait', '--data', data);
  const read = (name: string) => parse(readFileSync(join(data, 'files', name), 'utf8'));
  return { shown, good: read('good.csv'), bad: read('bad.csv') };
}

/** The same job at its next time: the bytes of what it wrote, which are those of the job by hand. */
async function runBySchedule(schedule: string): Promise<void> {
  const names = ['good.csv', 'bad.csv'];
  const read = () => names.map((name) => readFileSync(join(data, 'files', name), 'utf8'));
  const byHand = read();
  for (const name of names) rmSync(join(data, 'files', name));
  const often = ['--cron', '*/5 * * * * *', '--overlap', 'skip'];
  await spectrum('schedule', 'create', schedule, '--dataflow', 'clean', ...often, '--data', data);
  let run: string | undefined;
  await waitUntil(
    'the schedule fires',
    async () => {
      const shown = await spectrum('schedule', 'fires', schedule, '--data', data);
      run = shown
        .split('\n')
        .map((line) => /^\S+ {2}started +(\S+)$/.exec(line)?.[1])
        .findLast((one) => one !== undefined);
      return run !== undefined;
    },
    60_000,
  );
  await spectrum('schedule', 'disable', schedule, '--data', data);
  const ended = await spectrum('job', 'status', String(run), '--wait', '--data', data);
  expect(ended).toMatch(/state +succeeded/);
  expect(ended).toContain(`by schedule ${schedule}`);
  expect(read()).toEqual(byHand);
  await spectrum('schedule', 'delete', schedule, '--data', data);
}

test('a small file goes through the starter database into two files, by hand and by schedule', async () => {
  const lines = [
    'Id|L1|L2|City|State|ZIP',
    '1|1745 t street southeast||washington|dc|',
    '2|12 Nowhere Lane||Washington|DC|',
  ];
  writeFileSync(join(data, 'files/small.psv'), `${lines.join('\n')}\n`);
  const { good, bad, shown } = await runJob('small.psv', 'starter');
  expect(shown).toMatch(/state +succeeded/);
  expect(good).toEqual([
    {
      Id: '1',
      AddressLine1: '1745 T St SE',
      City: 'Washington',
      StateProvince: 'DC',
      PostalCode: '20020',
      Latitude: expect.stringMatching(/^38\.8/),
      Longitude: expect.stringMatching(/^-76\.9/),
    },
  ]);
  expect(bad).toEqual([{ Id: '2', 'Status.Code': expect.stringMatching(/./) }]);
  await runBySchedule('small');
}, 240_000);

(isHere ? test : test.skip)(
  '20,000 customers come out as the key has them, by hand and by schedule, those that the data lacks aside (needs ../shared/data)',
  async () => {
    const key = parse(gunzipSync(readFileSync(join(batchInputs, 'truth_key.csv.gz'))).toString('utf8'));
    await publishKey(key);
    copyFileSync(join(batchInputs, 'customers_pipe.psv.gz'), join(data, 'files/customers.psv.gz'));
    const { good, bad } = await runJob('customers.psv.gz', 'key');
    const ids = [...good, ...bad].map(({ Id }) => Number(Id)).sort((a, b) => a - b);
    expect(ids).toEqual(key.map(({ id }) => Number(id)));
    const byId = new Map(key.map((row) => [row.id, row]));
    const wrong = good.filter((row) => !isRight(row, byId.get(row.Id) as CsvRecord));
    expect({ good: good.length / key.length > 0.9, wrong: wrong.length / good.length < 0.01 }).toEqual({
      good: true,
      wrong: true,
    });
    await runBySchedule('large');
  },
  600_000,
);

/** The rows of the key that have a place, as a database that the cluster answers from. */
async function publishKey(key: readonly CsvRecord[]): Promise<void> {
  const columns = ['line1', 'line2', 'city', 'state', 'zip', 'lat', 'lon'] as const;
  const quote = (value = '') => `"${value.replaceAll('"', '""')}"`;
  const lines = key.filter(({ lat }) => lat !== '').map((row) => columns.map((name) => quote(row[name])).join(','));
  const source = join(folder, 'key.csv');
  writeFileSync(source, `${columns.join(',')}\n${lines.join('\n')}\n`);
  const map = 'address=line1,unit=line2,city=city,state=state,postalCode=zip,longitude=lon,latitude=lat';
  const place = ['--name', 'key', '--vintage', 'v1'];
  const out = join(data, 'reference-data');
  await spectrum('data', 'build', ...place, '--out', out, '--nearest-postal-code', '--map', map, source);
  await spectrum('data', 'publish', ...place, '--data', data);
}

/** State and ZIP Code as in the key where it has them, and the place within about half a mile. */
function isRight(row: CsvRecord, truth: CsvRecord): boolean {
  const isNear = (given = '', known = '') => known === '' || Math.abs(Number(given) - Number(known)) < 0.01;
  return (
    row.StateProvince === truth.state &&
    (truth.zip === '' || row.PostalCode?.slice(0, 5) === truth.zip?.slice(0, 5)) &&
    isNear(row.Latitude, truth.lat) &&
    isNear(row.Longitude, truth.lon)
  );
}
