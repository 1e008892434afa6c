import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocateYoung } from '../../server/foundation/allocation.ts';
import { type AddressDatabase, openAddressDatabase } from '../../server/reference-data/index.ts';
import { median, type Report } from '../report.ts';
import { bundlePrograms, type MeasuredBuild, measureBuild } from './builder-process.ts';
import { writeDerivedPoints } from './derived-points.ts';
import { hasPool, type PoolAddress, readPool } from './pool.ts';
import { measureBesidePostgis } from './postgis.ts';
import { measureRates, ratioOf, takeProcessorSeconds } from './rates.ts';
import { callService, toAddressRow, toPlaceRow } from './services.ts';

const suite = 'addressing';
const rounds = 5;
/** Enough of the pool that every state is there, few enough that a round takes a second. */
const sampledRows = 20_000;
const derivedPoints = Number(process.env.ADDRESSING_POINTS ?? 10_000_000);
const cacheBytes = 256 * 1024 * 1024;
/** Less than any ZIP Code needs: nothing stays from one row to the next. */
const noCacheBytes = 1;

/** Speed of validation, geocoding, building and reading, on one thread unless it says otherwise. */
export async function run(report: Report): Promise<void> {
  if (!hasPool()) {
    report.note('SKIPPED: addressing needs ../shared/data, which is not here');
    return;
  }
  report.note('rates are per second of processor time, so that other programs on this machine do not count');
  // As a node does.
  allocateYoung();
  bundlePrograms();
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-addressing-'));
  try {
    const pool = await readPool();
    const { addresses, build } = await buildDerived(folder, pool, report);
    await measureOpening(build, report);
    await measureReads(build, addresses, report);
    await measureServices(folder, pool, report);
    await measureBesidePostgis(report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function buildDerived(folder: string, pool: readonly PoolAddress[], report: Report) {
  const source = join(folder, 'derived.csv');
  const addresses = await writeDerivedPoints(source, pool, derivedPoints);
  const build = await measureBuild(folder, 'derived', [source]);
  rmSync(source);
  const { seconds, processorSeconds, peakMiB, points } = build;
  report.note(`${derivedPoints} rows on the streets of ${pool.length} pool addresses gave ${points} points`);
  report.add({ suite, measure: 'build-rows-per-second', value: derivedPoints / seconds, unit: 'rows/s' });
  if (processorSeconds === undefined || peakMiB === undefined) {
    report.add({ suite, measure: 'build-peak-mib', skipped: 'memory and processor time are read from /proc' });
    return { addresses, build };
  }
  const value = derivedPoints / processorSeconds;
  report.add({ suite, measure: 'build-rows-per-processor-second', value, unit: 'rows/s' });
  report.add({ suite, measure: 'build-peak-mib', value: peakMiB, unit: 'MiB' });
  return { addresses, build };
}

async function measureOpening({ folder }: MeasuredBuild, report: Report): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const startedMs = performance.now();
    const database = await openAddressDatabase(folder);
    const tookMs = performance.now() - startedMs;
    if (round > 0) times.push(tookMs);
    await database.close();
  }
  report.add({ suite, measure: 'open-ms-10-million', value: median(times), unit: 'ms' });
}

/** Points by street and number, straight from the reader. */
async function measureReads(
  { folder }: MeasuredBuild,
  addresses: readonly PoolAddress[],
  report: Report,
): Promise<void> {
  const asked = sample(addresses, sampledRows).map(({ postalCode, street, number }) => {
    const [name = '', ...rest] = street.toUpperCase().split(' ');
    return { postalCode, name: rest.length > 1 ? [name, ...rest.slice(0, -1)].join(' ') : name, number };
  });
  const readAll = async (database: AddressDatabase): Promise<number> => {
    let found = 0;
    for (const { postalCode, name, number } of asked) {
      const points = await database.read((view) =>
        view.streetsNamed(postalCode, name).flatMap((street) => view.pointsAt(street, number)),
      );
      found += points.length > 0 ? 1 : 0;
    }
    return found;
  };
  const warm = await openAddressDatabase(folder, { cacheBytes });
  report.note(`${await readAll(warm)} of ${asked.length} addresses read raw were there under that plain name`);
  const [rates = []] = await measureRates(
    [{ name: 'reads', rows: asked.length, run: async () => void (await readAll(warm)) }],
    rounds,
  );
  report.add({ suite, measure: 'raw-point-reads-warm', value: median(rates), unit: 'reads/s' });
  await warm.close();
  const cold = await openAddressDatabase(folder, { cacheBytes: noCacheBytes });
  const seconds = await takeProcessorSeconds(async () => void (await readAll(cold)));
  report.add({ suite, measure: 'raw-point-reads-uncached', value: asked.length / seconds, unit: 'reads/s' });
  await cold.close();
}

async function measureServices(folder: string, pool: readonly PoolAddress[], report: Report): Promise<void> {
  const source = join(folder, 'pool.csv');
  await writeDerivedPoints(source, pool, pool.length);
  const { folder: vintage } = await measureBuild(folder, 'pool', [source]);
  const database = await openAddressDatabase(vintage, { cacheBytes });
  const addresses = await writeDerivedPoints(source, pool, 0).then((all) => sample(all, sampledRows));
  const rows = addresses.map(toAddressRow);
  const places = addresses.map(toPlaceRow);
  const warm = () => database;
  const lines = addresses.map(
    ({ number, street, city, state, postalCode }) => `${number} ${street}, ${city}, ${state} ${postalCode}`,
  );
  const { parseLocation } = createRequire(import.meta.url)('parse-address') as {
    parseLocation(text: string): object | null;
  };
  const sides = [
    callService('ValidateAddress', rows, warm),
    { name: 'parse-address', rows: lines.length, run: () => lines.forEach((line) => void parseLocation(line)) },
    callService('GeocodeUSAddress', rows, warm),
    callService('ReverseGeocodeUSLocation', places, warm),
    callService('ValidateAddress', rows, warm, 1),
    callService('GeocodeUSAddress', rows, warm, 1),
    callService('ReverseGeocodeUSLocation', places, warm, 1),
  ];
  const rates = await measureRates(sides, rounds);
  const [validate = [], parse = [], ...others] = rates;
  const baseline = { name: 'parse-address, parsing only', value: median(parse) };
  const ratio = ratioOf(validate, parse);
  report.add({ suite, measure: 'validate-batch', value: median(validate), unit: 'rows/s', baseline, ratio });
  const names = ['geocode-batch', 'reverse-batch', 'validate-single', 'geocode-single', 'reverse-single'];
  for (const [at, measure] of names.entries()) {
    report.add({ suite, measure, value: median(others[at] ?? []), unit: 'rows/s' });
  }
  await database.close();
  await measureCold(vintage, { rows, places }, report);
}

/** A database opened anew, nothing of it in the process yet: what the first batches of a node cost. */
async function measureCold(
  vintage: string,
  { rows, places }: Readonly<Record<'rows' | 'places', ReturnType<typeof toAddressRow>[]>>,
  report: Report,
): Promise<void> {
  const sides = [
    ['validate-cold', 'ValidateAddress', rows],
    ['geocode-cold', 'GeocodeUSAddress', rows],
    ['reverse-cold', 'ReverseGeocodeUSLocation', places],
  ] as const;
  for (const [measure, service, asked] of sides) {
    const database = await openAddressDatabase(vintage, { cacheBytes, waitingReads: 20_000 });
    const side = callService(service, asked, () => database);
    const seconds = await takeProcessorSeconds(() => side.run());
    report.add({ suite, measure, value: side.rows / seconds, unit: 'rows/s' });
    await database.close();
  }
}

/** So many of the items, evenly spread, in an order that jumps between them. */
function sample<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, Math.floor(items.length / count));
  const chosen = items.filter((_, index) => index % step === 0).slice(0, count);
  // A stride without a common divisor visits every item once.
  const stride = 7_919;
  return chosen.map((_, index) => chosen[(index * stride) % chosen.length] as Item);
}
