import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { type InputRow, type OutputRow, parseOptions, serviceRegistry } from '../../server/services/index.ts';
import { buildFrom } from './built-database.ts';
import { type DcRow, dataFolder, selectDcRows, selectNumberedRows } from './geocoding-brute-force.ts';
import type { AccuracyReport } from './report.ts';
import { measureReverse } from './reverse-nearest.ts';

const rowsPerBatch = 500;

type Answer = { readonly row: DcRow; readonly answer: OutputRow; readonly errorMeters: number };

/** The District from TIGER ranges and from its own points, and Newport News in reverse. */
export async function measureGeocoding(): Promise<AccuracyReport> {
  if (!existsSync(dataFolder)) {
    process.stderr.write('SKIPPED: accuracy geocoding needs ../shared/data, which is not here\n');
    return { suite: 'geocoding', measures: [], notes: ['skipped: ../shared/data is not here'], failures: [] };
  }
  const ranges = await measureRanges();
  const points = await measurePoints();
  const reverse = await measureReverse();
  return {
    suite: 'geocoding',
    measures: [...ranges.measures, ...points.measures, ...reverse.measures],
    notes: [
      'dc-ranges: rows whose street and number some TIGER range contains, by bench/accuracy/geocoding-brute-force.ts',
      'dc-points-self: rows with a leading house number; right within 1 m of any row of that number and street',
      'newport-news: 10 m or less beside each point; right when the answer is as near as the nearest by brute force',
    ],
    failures: [...ranges.failures, ...points.failures, ...reverse.failures],
  };
}

async function measureRanges() {
  const { findable, counts } = selectDcRows();
  const { database, close } = await buildFrom([], join(dataFolder, 'tiger-dc-11001/addrfeat_layout_11001.zip'));
  const answers = await geocode(findable, database);
  await close();
  const found = answers.filter(({ answer }) => answer.LocationCode?.startsWith('AS'));
  const errors = found.map(({ errorMeters }) => errorMeters).sort((a, b) => a - b);
  const at = (share: number): number => errors[Math.floor(share * errors.length)] ?? Number.NaN;
  const measures = [
    { measure: 'dc-ranges-found', value: (100 * found.length) / findable.length, unit: '%' },
    { measure: 'dc-ranges-median-m', value: at(0.5), unit: 'm' },
    { measure: 'dc-ranges-p95-m', value: at(0.95), unit: 'm' },
    ...Object.entries(counts).map(([name, value]) => ({ measure: `dc-ranges-${name}`, value, unit: 'rows' })),
  ];
  const failures = answers.filter((one) => !found.includes(one)).map((one) => describe('dc-ranges', one));
  return { measures, failures };
}

async function measurePoints() {
  const numbered = selectNumberedRows();
  const { database, close } = await buildPoints(numbered.map(({ row }) => row));
  const answers = await geocode(
    numbered.map(({ row }) => row),
    database,
  );
  await close();
  const sameAddress = new Map<string, DcRow[]>();
  for (const { row, address } of numbered) sameAddress.set(address, [...(sameAddress.get(address) ?? []), row]);
  const wrong = answers.filter(
    (one, at) => !(sameAddress.get(numbered[at]?.address ?? '') ?? []).some((row) => distanceOf(one.answer, row) <= 1),
  );
  return {
    measures: [
      { measure: 'dc-points-self', value: (100 * (answers.length - wrong.length)) / answers.length, unit: '%' },
      { measure: 'dc-points-asked', value: answers.length, unit: 'rows' },
    ],
    failures: wrong.map((one) => describe('dc-points', one)),
  };
}

/** The rows as points: with the state of their ZIP Code, those without one in the ZIP Code of the District nearest to them. */
async function buildPoints(rows: readonly DcRow[]) {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-points-'));
  const file = join(folder, 'points.csv');
  const lines = rows.map(({ address, postalCode, longitude, latitude }) => {
    const { city, state } = placeOf(postalCode);
    return [`"${address.replaceAll('"', '""')}"`, city, state, postalCode, longitude, latitude].join(',');
  });
  writeFileSync(file, ['address,city,state,zip,lon,lat', ...lines].join('\n'));
  const map = 'address=address,city=city,state=state,postalCode=zip,longitude=lon,latitude=lat';
  const built = await buildFrom(['--map', map, '--nearest-postal-code'], file);
  rmSync(folder, { recursive: true, force: true });
  return built;
}

/** Some rows are of Maryland and Virginia, as their ZIP Codes tell (200, 202 to 205: the District; 206 to 219 Maryland). */
function placeOf(postalCode: string): { readonly city: string; readonly state: string } {
  if (/^20[6-9]|^21/.test(postalCode)) return { city: '', state: 'MD' };
  return /^201|^2[23]/.test(postalCode) ? { city: '', state: 'VA' } : { city: 'Washington', state: 'DC' };
}

async function geocode(rows: readonly DcRow[], database: AddressDatabase): Promise<readonly Answer[]> {
  const service = serviceRegistry.find(({ name }) => name === 'GeocodeUSAddress');
  if (!service) throw new Error('the registry has no service GeocodeUSAddress');
  const inputs = rows.map(
    ({ address, postalCode }): InputRow => ({
      AddressLine1: address,
      City: placeOf(postalCode).city,
      StateProvince: placeOf(postalCode).state,
      PostalCode: postalCode,
    }),
  );
  const values = parseOptions(service.options, {});
  const outputs: (readonly OutputRow[])[] = [];
  for (let from = 0; from < inputs.length; from += rowsPerBatch) {
    const batch = inputs.slice(from, from + rowsPerBatch);
    outputs.push(...(await service.run(batch, values, { database: () => database })));
  }
  return rows.map((row, index) => {
    const answer = outputs[index]?.[0] ?? {};
    return { row, answer, errorMeters: distanceOf(answer, row) };
  });
}

/** Great-circle distance by the haversine formula, on a sphere of 6,371,008.8 m. */
function distanceOf({ Latitude = '', Longitude = '' }: OutputRow, row: DcRow): number {
  if (Latitude === '' || Longitude === '') return Number.NaN;
  const radians = Math.PI / 180;
  const [first, second] = [Number(Latitude) * radians, row.latitude * radians];
  const half = (angle: number): number => Math.sin(angle / 2) ** 2;
  const east = (Number(Longitude) - row.longitude) * radians;
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(half(first - second) + Math.cos(first) * Math.cos(second) * half(east)));
}

function describe(name: string, { row, answer, errorMeters }: Answer): string {
  const said = answer['Status.Description'] || `${answer.AddressLine1} ${answer.LocationCode} ${errorMeters} m`;
  return `${name}: line ${row.line}: ${row.address} ${row.postalCode}: ${said}`;
}
