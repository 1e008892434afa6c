import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv } from '../accuracy/csv-rows.ts';
import { dataFolder } from '../accuracy/geocoding-brute-force.ts';
import { buildPoolDatabase } from '../accuracy/pool-database.ts';
import { median, type Report } from '../report.ts';
import { runJob } from './job.ts';
import { channel, cpuSeconds } from './measuring.ts';

const measure = { suite: 'dataflow', measure: 'validate-geocode-rows-per-second-per-core' };
const rows = 100_000;
const rounds = 5;
const columns = ['line1', 'line2', 'city', 'state', 'zip'] as const;

/** The steward's job on addresses of the pool in random order: read, validate, geocode, put failures aside. */
export async function measureValidateAndGeocode(folder: string, report: Report): Promise<void> {
  const poolFile = join(dataFolder, 'address-pool/address_pool_us.csv.gz');
  if (!existsSync(poolFile)) {
    report.add({ ...measure, skipped: '../shared/data is not here' });
    return;
  }
  const pool = readCsv(poolFile);
  const { database, close } = await buildPoolDatabase(pool);
  const order = shuffle(pool.length).slice(0, rows);
  const lines = order.map((at, id) => [id, ...columns.map((name) => quote(pool[at]?.[name] ?? ''))].join(','));
  writeFileSync(join(folder, 'customers.csv'), `id,${columns.join(',')}\n${lines.join('\n')}\n`);
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const seconds = await cpuSeconds(() => runJob(folder, job, database));
    // The first round compiles and fills caches.
    if (round > 0) rates.push(order.length / seconds);
  }
  await close();
  const failed = readFileSync(join(folder, 'bad.csv'), 'utf8').split('\n').length - 2;
  report.note(`validate and geocode: ${rows} rows, ${failed} to the file of failures`);
  report.add({ ...measure, value: median(rates), unit: 'rows/s' });
}

const names = ['AddressLine1', 'AddressLine2', 'City', 'StateProvince', 'PostalCode'];
const job = {
  stages: [
    {
      id: 'read',
      type: 'ReadFromFile',
      settings: { file: 'customers.csv', fields: ['Id', ...names].map((name) => ({ name })) },
    },
    { id: 'validate', type: 'ValidateAddress' },
    { id: 'geocode', type: 'GeocodeUSAddress' },
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
        fields: ['Id', ...names, 'Confidence', 'Latitude', 'Longitude'].map((name) => ({ name })),
      },
    },
    {
      id: 'bad',
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

function quote(value: string): string {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** The numbers below `count` in an order that is the same in every run (Fisher and Yates, with a linear congruence). */
function shuffle(count: number): number[] {
  const order = Array.from({ length: count }, (_, at) => at);
  let state = 12_345;
  for (let at = count - 1; at > 0; at--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const other = state % (at + 1);
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  return order;
}
