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

function leaveOut(
  row: PoolRow,
  truth: PoolRow,
  identities: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const number = numberOf(truth.line1 ?? '');
  if (number === '') return 'left-out-no-house-number';
  if (!/^\d{5}(?:-?\d{4})?$/.test(truth.zip ?? '')) return 'left-out-no-zip-code';
  if (streetWordsOf(truth.line1 ?? '').length === 0) return 'left-out-no-street';
  const meanings = identities.get(identityOf(row)) ?? new Set();
  const isAnother = [...meanings].some((meaning) => meaning !== identityOf(truth));
  return isAnother ? 'left-out-text-of-another-address' : undefined;
}

/** What a pool row can be asked by → the addresses it may mean: number and street with ZIP Code, and with city and state. */
function listIdentities(pool: readonly PoolRow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const meanings = new Map<string, Set<string>>();
  for (const row of pool) {
    if (numberOf(row.line1 ?? '') === '') continue;
    for (const text of [identityOf(row), identityOf({ ...row, zip: '' })]) {
      meanings.set(text, (meanings.get(text) ?? new Set()).add(identityOf(row)));
    }
  }
  return meanings;
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

export interface PlacedRows {
  readonly rows: readonly PlacedRow[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Addresses with a house number and the ZIP Code and county that the set says; asked without ZIP Code. */
export function selectPlacedRows(pool: readonly PoolRow[]): Readonly<Record<string, PlacedRows>> {
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
    // Dade County has been called Miami-Dade since 1997.
    const countyName = county === 'Dade' ? 'miami dade' : toWords(county).join(' ');
    return { asked, zip, countyFips: '', countyName };
  });
  const identities = listIdentities(pool);
  const zipCodes = new Set(
    readCsv(join(dataFolder, 'zip-reference/geonames_postal_us_2026-03-30.csv.gz')).map(({ zipcode = '' }) => zipcode),
  );
  const select = (rows: readonly PlacedRow[]): PlacedRows => {
    const counts: Record<string, number> = { rows: rows.length };
    const scored = rows.filter((row) => {
      const reason = leaveOutPlaced(row, identities, zipCodes) ?? 'asked';
      counts[reason] = (counts[reason] ?? 0) + 1;
      return reason === 'asked';
    });
    return { rows: scored, counts };
  };
  return { hospitals: select(hospitals), snap: select(snap), inspections: select(inspected) };
}

/** ZIP Codes that were given up since are no answer, and a text that two pool addresses share has no ZIP Code of its own. */
function leaveOutPlaced(
  { asked, zip }: PlacedRow,
  identities: ReadonlyMap<string, ReadonlySet<string>>,
  zipCodes: ReadonlySet<string>,
): string | undefined {
  if (numberOf(asked.line1) === '' || streetWordsOf(asked.line1).length === 0) return 'left-out-no-house-number';
  if (!zipCodes.has(zip)) return 'left-out-zip-code-unknown';
  const truth = identityOf({ ...asked, zip });
  const isAnother = [...(identities.get(identityOf({ ...asked })) ?? [])].some((meaning) => meaning !== truth);
  return isAnother ? 'left-out-text-of-another-address' : undefined;
}

export const poolFile = join(dataFolder, 'address-pool/address_pool_us.csv.gz');

if (process.argv[1] === import.meta.filename) {
  if (existsSync(dataFolder)) {
    const pool = readCsv(poolFile);
    console.log('degraded', JSON.stringify(selectDamagedRows(pool).counts));
    for (const [name, { counts }] of Object.entries(selectPlacedRows(pool))) console.log(name, JSON.stringify(counts));
  } else console.error('SKIPPED: ../shared/data is not here');
}
