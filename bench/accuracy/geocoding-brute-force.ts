/**
 * Decides, without any code of the product, which rows of the District of Columbia a TIGER range can contain: plain
 * string rules and a walk over all ranges. `npx tsx bench/accuracy/geocoding-brute-force.ts` prints the counts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const dataFolder = join(import.meta.dirname, '../../../shared/data');

export interface DcRow {
  readonly line: number;
  readonly address: string;
  readonly postalCode: string;
  readonly longitude: number;
  readonly latitude: number;
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly isOdd: boolean;
}

/** All rows of the District's points, in file order. */
function readDcRows(): DcRow[] {
  const path = join(dataFolder, 'address-points-dc/dc_address_points.csv.gz');
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n').slice(1);
  return lines.flatMap((text, index) => {
    if (text === '') return [];
    // The address may be quoted; no other column is.
    const quoted = /^"((?:[^"]|"")*)",(.*)$/.exec(text);
    const [first = '', ...others] = quoted
      ? [(quoted[1] ?? '').replaceAll('""', '"'), ...(quoted[2] ?? '').split(',')]
      : text.split(',');
    const at = others.length - 5;
    const [postalCode = '', , latitude = '', longitude = ''] = others.slice(at);
    return { line: index + 2, address: first, postalCode, longitude: Number(longitude), latitude: Number(latitude) };
  });
}

const words: Readonly<Record<string, string>> = {
  STREET: 'ST',
  AVENUE: 'AVE',
  AV: 'AVE',
  ROAD: 'RD',
  PLACE: 'PL',
  COURT: 'CT',
  DRIVE: 'DR',
  CIRCLE: 'CIR',
  LANE: 'LN',
  TERRACE: 'TER',
  TERR: 'TER',
  BOULEVARD: 'BLVD',
  PARKWAY: 'PKWY',
  ALLEY: 'ALY',
  SQUARE: 'SQ',
  HIGHWAY: 'HWY',
  NORTHWEST: 'NW',
  NORTHEAST: 'NE',
  SOUTHWEST: 'SW',
  SOUTHEAST: 'SE',
  SAINT: 'ST',
  NORTH: 'N',
  SOUTH: 'S',
  EAST: 'E',
  WEST: 'W',
  FORT: 'FT',
  FIRST: '1ST',
  SECOND: '2ND',
  THIRD: '3RD',
  FOURTH: '4TH',
  FIFTH: '5TH',
  SIXTH: '6TH',
  SEVENTH: '7TH',
  EIGHTH: '8TH',
  NINTH: '9TH',
  TENTH: '10TH',
  ELEVENTH: '11TH',
  TWELFTH: '12TH',
};

/** Upper case, no punctuation, the commonest words abbreviated. */
function plain(street: string): string {
  const parts = street
    .toUpperCase()
    .replace(/[.'’]/g, '')
    .split(/[^A-Z0-9]+/)
    .filter((part) => part !== '');
  return parts.map((part) => words[part] ?? part).join(' ');
}

/** Street → ranges, read from the attribute table alone. */
function readRanges(): Map<string, Range[]> {
  const archive = join(dataFolder, 'tiger-dc-11001/addrfeat_layout_11001.zip');
  const table = execFileSync('unzip', ['-p', archive, '*.dbf'], { maxBuffer: 64e6 });
  const [count, start, width] = [table.readUInt32LE(4), table.readUInt16LE(8), table.readUInt16LE(10)];
  const columns = new Map<string, readonly [number, number]>();
  for (let at = 32, offset = 1; table[at] !== 13; at += 32) {
    const size = table[at + 16] ?? 0;
    columns.set(table.toString('latin1', at, at + 11).split('\0')[0] ?? '', [offset, offset + size]);
    offset += size;
  }
  const ranges = new Map<string, Range[]>();
  for (let row = 0; row < count; row += 1) {
    const get = (name: string): string => {
      const [from, to] = columns.get(name) ?? [0, 0];
      return table.toString('latin1', start + row * width + from, start + row * width + to).trim();
    };
    const street = plain(get('FULLNAME'));
    for (const side of ['L', 'R']) {
      const [from, to] = [get(`${side}FROMHN`), get(`${side}TOHN`)];
      if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) continue;
      const [low, high] = [Math.min(Number(from), Number(to)), Math.max(Number(from), Number(to))];
      const known = ranges.get(street) ?? [];
      known.push({ low, high, isOdd: Number(from) % 2 === 1 });
      ranges.set(street, known);
    }
  }
  return ranges;
}

/** A number is leading when a street follows it: not `16TH & P ST`, nor a number alone. */
const leadingNumber = /^(\d+(?:-?[A-Z]|-\d+)?(?:\s+1\/2)?)\s+(?=\S*[A-Z])/i;
/** What stands behind a street: a remark, a unit, another street. */
const behindStreet = /[,#(/]|\b(?:AND|AT|BET|BETWEEN|BLOCK|BLK|SUITE|STE|UNIT|APT|FLOOR|ROOM|RM|REAR)\b/i;

export interface NumberedRow {
  readonly row: DcRow;
  /** House number and street, abbreviated: rows that share it are points of one address. */
  readonly address: string;
}

/** The rows with a leading house number. */
export function selectNumberedRows(): NumberedRow[] {
  return readDcRows().flatMap((row) => {
    const number = leadingNumber.exec(row.address);
    if (!number) return [];
    const behind = row.address.slice(number[0].length);
    const remark = behindStreet.exec(behind);
    const street = remark && remark.index > 0 ? behind.slice(0, remark.index) : behind;
    return [{ row, address: plain(`${number[1]} ${street}`) }];
  });
}

export interface DcSelection {
  /** Rows that some range of their street contains, by number and parity. */
  readonly findable: readonly DcRow[];
  readonly counts: Readonly<Record<string, number>>;
}

export function selectDcRows(): DcSelection {
  const rows = readDcRows();
  const ranges = readRanges();
  const numbered = rows.filter(({ address }) => /^\d/.test(address));
  const plainRows = numbered.filter(
    ({ address }) => /^\d+\s+[A-Za-z0-9.' ]+$/.test(address) && !/BLOCK|BETWEEN/i.test(address),
  );
  const findable = plainRows.filter(({ address }) => {
    const [, number = '', street = ''] = /^(\d+)\s+(.*)$/.exec(address) ?? [];
    const wanted = Number(number);
    const known = ranges.get(plain(street)) ?? [];
    return known.some(({ low, high, isOdd }) => wanted >= low && wanted <= high && (wanted % 2 === 1) === isOdd);
  });
  const different = new Set(findable.map(({ address }) => plain(address))).size;
  const counts = {
    rows: rows.length,
    'with-leading-number': numbered.length,
    'number-and-street-only': plainRows.length,
    'in-a-range': findable.length,
    'different-addresses': different,
    'with-leading-house-number': selectNumberedRows().length,
  };
  return { findable, counts };
}

if (process.argv[1] === import.meta.filename) {
  if (existsSync(dataFolder)) console.log(JSON.stringify(selectDcRows().counts));
  else console.error('SKIPPED: ../shared/data is not here');
}
