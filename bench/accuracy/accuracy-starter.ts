import {
  type InputRow,
  type OutputRow,
  parseOptions,
  type ServiceContext,
  type ServiceDefinition,
  serviceRegistry,
} from '../../server/services/index.ts';
import type { AccuracyReport } from './report.ts';
import { buildStarterDatabase, loadStarterAddresses, type StarterAddress } from './starter-database.ts';

/** Ways to write an address down; each must come back to itself. */
const writings: Readonly<Record<string, (address: StarterAddress) => InputRow>> = {
  'as-written': (address) => toRow(address),
  'upper-case': (address) => mapValues(toRow(address), (text) => text.toUpperCase()),
  'without-zip': (address) => ({ ...toRow(address), PostalCode: '' }),
  'without-city': (address) => ({ ...toRow(address), City: '', StateProvince: '' }),
};

/** Each starter point with a house number and a city through ValidateAddress and GeocodeUSAddress. */
export async function measureStarter(): Promise<AccuracyReport> {
  const all = loadStarterAddresses();
  const withoutNumber = all.filter(({ address1 }) => !/^\d/.test(address1));
  const withoutCity = all.filter((address) => !withoutNumber.includes(address) && !address.city);
  const asked = all.filter((address) => !withoutNumber.includes(address) && !withoutCity.includes(address));
  const { database, close } = await buildStarterDatabase();
  const context: ServiceContext = { database: () => database };
  const failures: string[] = [];
  const shares = [];
  for (const [writing, write] of Object.entries(writings)) {
    const rows = asked.map(write);
    const validated = await run('ValidateAddress', { OutputRecordType: 'A,E' }, rows, context);
    const geocoded = await run('GeocodeUSAddress', {}, rows, context);
    let right = 0;
    asked.forEach((address, index) => {
      const problem = compare(address, validated[index]?.[0] ?? {}, geocoded[index]?.[0] ?? {});
      if (problem === undefined) right += 1;
      else failures.push(`${writing}: ${Object.values(rows[index] ?? {}).join(' | ')}: ${problem}`);
    });
    shares.push({ measure: writing, value: (100 * right) / asked.length, unit: '%' });
  }
  await close();
  const leftOut = withoutNumber.length + withoutCity.length;
  return {
    suite: 'accuracy-starter',
    measures: [
      ...shares,
      { measure: 'asked', value: asked.length, unit: 'rows' },
      { measure: 'left-out', value: leftOut, unit: 'rows' },
      { measure: 'left-out-without-house-number', value: withoutNumber.length, unit: 'rows' },
      { measure: 'left-out-without-city', value: withoutCity.length, unit: 'rows' },
    ],
    notes: [
      `${asked.length} of ${all.length} points asked; left out: ${withoutNumber.length} without house number, ${withoutCity.length} without city`,
      'right: same house number, street, unit and ZIP Code as the record, coordinates equal when rounded to six decimals',
    ],
    failures,
  };
}

function toRow({ address1, address2, city = '', state, postalCode }: StarterAddress): InputRow {
  return { AddressLine1: address1, AddressLine2: address2, City: city, StateProvince: state, PostalCode: postalCode };
}

function mapValues(row: InputRow, change: (text: string) => string): InputRow {
  return Object.fromEntries(Object.entries(row).map(([name, text]) => [name, change(text ?? '')]));
}

async function run(
  name: string,
  options: Readonly<Record<string, string>>,
  rows: readonly InputRow[],
  context: ServiceContext,
): Promise<readonly (readonly OutputRow[])[]> {
  const service = serviceRegistry.find((one): one is ServiceDefinition => one.name === name);
  if (!service) throw new Error(`the registry has no service ${name}`);
  return await service.run(rows, parseOptions(service.options, options), context);
}

/** What is wrong with an answer, or undefined. The record's own text is the truth; only spellings are brought together. */
function compare(address: StarterAddress, validated: OutputRow, geocoded: OutputRow): string | undefined {
  if (validated.Status === 'F') return `not validated: ${validated['Status.Description']}`;
  if (geocoded.Status === 'F') return `not geocoded: ${geocoded['Status.Description']}`;
  for (const answer of [validated, geocoded]) {
    const code = answer['PostalCode.Base'] ?? '';
    if (code !== address.postalCode) return `ZIP Code ${code}`;
    const number = houseNumberOf(address).toUpperCase();
    if (answer.HouseNumber?.toUpperCase() !== number) return `house number ${answer.HouseNumber}`;
    if (unitNumber(answer.ApartmentNumber ?? '') !== unitNumber(address.address2)) {
      return `unit ${answer.ApartmentNumber ?? ''}`;
    }
    if (!isStreetOf(address, answer)) return `street ${answer.AddressLine1}`;
  }
  const { lat, lng } = address.coordinates;
  const isSame = isRounded(geocoded.Latitude, lat) && isRounded(geocoded.Longitude, lng);
  return isSame ? undefined : `position ${geocoded.Latitude} ${geocoded.Longitude}, not ${lat} ${lng}`;
}

/** `1745`, `12-34` or `421 1/2` at the start of the line. */
function houseNumberOf({ address1 }: StarterAddress): string {
  return /^\d\S*(?: \d\/\d)?/.exec(address1)?.[0] ?? '';
}

/** Whether a six-decimal text is that coordinate rounded, binary noise of half a unit allowed. */
function isRounded(text: string | undefined, degrees: number): boolean {
  return text !== undefined && text !== '' && Math.abs(Number(text) - degrees) <= 0.5e-6 + 1e-9;
}

/** What identifies a unit, without its designator: `#APT 000003` is 3, `R C` is RC. */
function unitNumber(text: string): string {
  return text
    .toUpperCase()
    .replace(/^[#\s]*(?:(?:APARTMENT|APT|BLDG|LOT|STE|UNIT)\b)?[#\s]*/, '')
    .replace(/[^A-Z0-9-]+/g, '')
    .replace(/^0+(?=.)/, '');
}

/** Every word of the standardised street is a word of the record or an abbreviation of one, and none is missing. */
function isStreetOf(
  address: StarterAddress,
  { StreetName = '', StreetSuffix = '', LeadingDirectional = '', TrailingDirectional = '' }: OutputRow,
): boolean {
  const wanted = words(address.address1.slice(houseNumberOf(address).length));
  const got = words([LeadingDirectional, StreetName, StreetSuffix, TrailingDirectional].join(' '));
  return wanted.length === got.length && wanted.every((word, index) => isShortFor(got[index] ?? '', word));
}

/** Numbered roads are written with and without `Highway` and `Route`; those words tell nothing apart here. */
function words(text: string): string[] {
  return text
    .toUpperCase()
    .replace(/['.]/g, '')
    .replaceAll('&', ' AND ')
    .split(/[^A-Z0-9/]+/)
    .filter((word) => word !== '' && !/^(?:HIGHWAY|HWY|ROUTE|RTE)$/.test(word));
}

/** `ST` of `STREET`, `SE` of `SOUTHEAST`, `XING` of `CROSSING`: same first letter or an X, all letters in order. */
function isShortFor(short: string, word: string): boolean {
  if (short === word) return true;
  const letters = [...short.replace(/^X/, 'CR')];
  let at = 0;
  for (const letter of letters) {
    at = word.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return short[0] === 'X' || short[0] === word[0];
}
