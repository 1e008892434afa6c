/**
 * Decides, without any code of the product, which rows of the validation sets are scored and what each must come back
 * as. `npx tsx bench/accuracy/validation-rows.ts` prints the counts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readCsv } from './csv-rows.ts';
import { dataFolder } from './geocoding-brute-force.ts';
import { toCity, toStreetWords, toWords } from './parsing-words.ts';

/** A row as asked, in the words of the sets. */
export interface AskedRow {
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
}

export interface DamagedRow {
  readonly defect: string;
  readonly asked: AskedRow;
  /** The undamaged row of the pool. */
  readonly truth: AskedRow;
}

export interface DamagedRows {
  readonly rows: readonly DamagedRow[];
  readonly counts: Readonly<Record<string, number>>;
}

type PoolRow = Readonly<Record<string, string>>;

/** Rows of `degraded.csv` whose undamaged row is a street address with a ZIP Code. */
export function selectDamagedRows(pool: readonly PoolRow[]): DamagedRows {
  const byId = new Map(pool.map((row) => [row.id ?? '', row]));
  const identities = listIdentities(pool);
  const counts: Record<string, number> = {};
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  const rows: DamagedRow[] = [];
  for (const row of readCsv(join(dataFolder, 'batch-inputs/degraded.csv.gz'))) {
    count('rows');
    const truth = byId.get(row.id ?? '');
    const reason = truth === undefined ? 'left-out-not-in-the-pool' : leaveOut(row, truth, identities);
    if (reason !== undefined) count(reason);
    if (truth === undefined || reason !== undefined) continue;
    count('scored');
    rows.push({ defect: row.defect ?? '', asked: toAsked(row), truth: toAsked(truth) });
  }
  return { rows, counts };
}

function toAsked({ line1 = '', line2 = '', city = '', state = '', zip = '' }: PoolRow): AskedRow {
  return { line1, line2, city, state, zip };
}

function leaveOut(row: PoolRow, truth: PoolRow, identities: ReadonlySet<string>): string | undefined {
  const number = numberOf(truth.line1 ?? '');
  if (number === '') return 'left-out-no-house-number';
  if (!/^\d{5}(?:-?\d{4})?$/.test(truth.zip ?? '')) return 'left-out-no-zip-code';
  if (streetWordsOf(truth.line1 ?? '').length === 0) return 'left-out-no-street';
  const isChanged = identityOf(row) !== identityOf(truth);
  return isChanged && identities.has(identityOf(row)) ? 'left-out-text-of-another-address' : undefined;
}

/** Number, street and ZIP Code of each pool row, and number, street, city and state. */
function listIdentities(pool: readonly PoolRow[]): ReadonlySet<string> {
  const numbered = pool.filter(({ line1 = '' }) => numberOf(line1) !== '');
  return new Set(numbered.flatMap((row) => [identityOf(row), identityOf({ ...row, zip: '' })]));
}

function identityOf({ line1 = '', city = '', state = '', zip = '' }: PoolRow): string {
  const place = /^\d{5}/.exec(zip)?.[0] ?? `${toCity(city)} ${state.toUpperCase()}`;
  return [numberOf(line1), ...streetWordsOf(line1), place].join(' ');
}

/** `1745`, `12-34` or `421 1/2` at the start of the line. */
export function numberOf(line: string): string {
  return /^\d[\w/-]*(?: \d\/\d)?(?= )/.exec(line.trim())?.[0].toUpperCase() ?? '';
}

const unitWords = /[,#]|\b(?:apt|unit|ste|suite|bldg|rm|room|fl|floor|lot|spc|space|trlr|ph|bsmt|dept)\b\.?\s*[#\w]/i;

/** The words of the street in front of any unit. */
export function streetWordsOf(line: string): string[] {
  const behind = line.trim().slice(numberOf(line).length).trim();
  const unit = unitWords.exec(behind);
  return toStreetWords(unit && unit.index > 0 ? behind.slice(0, unit.index) : behind);
}

export interface PlacedRow {
  readonly asked: AskedRow;
  readonly zip: string;
  /** Five digits of the county; empty when the set does not say. */
  readonly countyFips: string;
  /** Upper case; empty when the set says the digits. */
  readonly countyName: string;
}

/** Addresses with a house number and the ZIP Code and county that the set says; asked without ZIP Code. */
export function selectPlacedRows(): Readonly<Record<string, readonly PlacedRow[]>> {
  const hospitals = readCsv(join(dataFolder, 'hospitals-us/hospitals_us.csv.gz')).map(
    (row): PlacedRow => ({
      asked: { line1: row.ADDRESS ?? '', line2: '', city: row.CITY ?? '', state: row.STATE ?? '', zip: '' },
      zip: row.ZIP ?? '',
      countyFips: row.COUNTYFIPS ?? '',
      countyName: '',
    }),
  );
  const snap = readCsv(join(dataFolder, 'snap-retailers-ca/snap_retailers_ca.csv.gz')).map(
    (row): PlacedRow => ({
      asked: {
        line1: row.Address ?? '',
        line2: row['Address Line #2'] ?? '',
        city: row.City ?? '',
        state: row.State ?? '',
        zip: '',
      },
      zip: row.Zip5 ?? '',
      countyFips: '',
      countyName: toWords(row.County ?? '').join(' '),
    }),
  );
  const inspections = join(dataFolder, 'fl-food-inspections/fl_food_inspection_addresses.jsonl.gz');
  const lines = gunzipSync(readFileSync(inspections)).toString('utf8').trim().split('\n');
  const inspected = lines.map((line): PlacedRow => {
    const {
      line1 = '',
      city = '',
      state = '',
      zip = '',
      county = '',
    } = (JSON.parse(line) as { expected: Readonly<Record<string, string>> }).expected;
    const asked = { line1, line2: '', city, state, zip: '' };
    return { asked, zip, countyFips: '', countyName: toWords(county).join(' ') };
  });
  const isPlaced = ({ asked, zip }: PlacedRow): boolean =>
    /^\d{5}$/.test(zip) && numberOf(asked.line1) !== '' && streetWordsOf(asked.line1).length > 0;
  return {
    hospitals: hospitals.filter(isPlaced),
    snap: snap.filter(isPlaced),
    inspections: inspected.filter(isPlaced),
  };
}

export const poolFile = join(dataFolder, 'address-pool/address_pool_us.csv.gz');

if (process.argv[1] === import.meta.filename) {
  if (existsSync(dataFolder)) {
    console.log('degraded', JSON.stringify(selectDamagedRows(readCsv(poolFile)).counts));
    for (const [name, rows] of Object.entries(selectPlacedRows())) console.log(name, rows.length);
  } else console.error('SKIPPED: ../shared/data is not here');
}
