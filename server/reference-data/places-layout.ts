import { normalizeCity } from './city-names.ts';
import { cityTypes, layout, postalCodeKinds, toUnits, unknownUnits } from './format.ts';
import { compareText } from './ordering.ts';
import type { Coordinates, PostalCodeRecord } from './records.ts';

/** Arrays of `places.bin` in file order; all are 32-bit words, so that they can be read where they lie. */
export interface PlacesArrays {
  /** Byte offset of each text, and the end of the last; text 0 is empty. */
  readonly textOffsets: Uint32Array;
  readonly texts: Buffer;
  /** Six words for each ZIP Code, ordered by code: see `packPostalCode`. */
  readonly records: Uint32Array;
  /** Cities of all ZIP Codes: text number, type in the two highest bits. */
  readonly cities: Uint32Array;
  /** Normalised city names with their states, ordered by name, then state. */
  readonly keyNames: Uint32Array;
  readonly keyStates: Uint32Array;
  /** First of each key's entries in `keyedCodes`, and the end of the last. */
  readonly keyStarts: Uint32Array;
  /** Numbers of ZIP Code records. */
  readonly keyedCodes: Uint32Array;
  /** Numbers of the ZIP Code records that have a centroid, ordered by centroid cell. */
  readonly byCell: Uint32Array;
}

export const wordsPerRecord = layout.postalCodeBytes / 4;
const codeBits = 17;
const codeMask = 2 ** codeBits - 1;
const typeShift = 30;
const textMask = 2 ** typeShift - 1;

/** Cells of a quarter degree over the whole globe, row by row. */
export const centroidCell = { perDegree: 4, columns: 360 * 4 } as const;

export function centroidCellOf({ longitude, latitude }: Coordinates): { row: number; column: number } {
  return {
    row: Math.floor((latitude + 90) * centroidCell.perDegree),
    column: Math.floor((longitude + 180) * centroidCell.perDegree),
  };
}

export const unpackCodeNumber = (word: number): number => word & codeMask;
export const unpackCode = (word: number): string => String(unpackCodeNumber(word)).padStart(5, '0');
export const unpackKind = (word: number) => postalCodeKinds[word >>> codeBits] ?? 'standard';
export const unpackFips = (word: number): string => ((word & codeMask) === 0 ? '' : unpackCode(word));
export const unpackState = (word: number): number => word >>> codeBits;
export const unpackCityText = (word: number): number => word & textMask;
export const unpackCityType = (word: number) => cityTypes[word >>> typeShift] ?? 'S';

/** The body of `places.bin`. @param codes ordered by code, each code once */
export function encodePlaces(codes: readonly PostalCodeRecord[]): Buffer {
  const texts = numberTexts(codes);
  const text = (value: string): number => texts.get(value) ?? 0;
  const records: number[] = [];
  const cities: number[] = [];
  for (const record of codes) {
    records.push(...packPostalCode(record, text, cities.length));
    for (const city of record.cities)
      cities.push((text(city.name) | (cityTypes.indexOf(city.type) << typeShift)) >>> 0);
  }
  const keys = indexCities(codes);
  const keyStarts = [0];
  for (const key of keys) keyStarts.push((keyStarts.at(-1) ?? 0) + key.codes.length);
  const blob = Buffer.from([...texts.keys()].join(''), 'utf8');
  return assemble(blob, [
    textOffsetsOf([...texts.keys()]),
    records,
    cities,
    keys.map((key) => text(key.name)),
    keys.map((key) => text(key.state)),
    keyStarts,
    keys.flatMap((key) => key.codes),
    orderByCell(codes),
  ]);
}

/** Nine u32 lengths (of the texts in bytes, then of each array in words), the arrays, the texts. */
export function decodePlaces(body: Buffer): PlacesArrays {
  const words = new Uint32Array(body.buffer, body.byteOffset, Math.floor(body.length / 4));
  const lengths = words.subarray(0, 9);
  let at = 9;
  const take = (which: number): Uint32Array => {
    const length = lengths[which] ?? 0;
    at += length;
    return words.subarray(at - length, at);
  };
  const [textOffsets, records, cities, keyNames] = [take(1), take(2), take(3), take(4)];
  const [keyStates, keyStarts, keyedCodes, byCell] = [take(5), take(6), take(7), take(8)];
  const texts = body.subarray(4 * at, 4 * at + (lengths[0] ?? 0));
  return { textOffsets, texts, records, cities, keyNames, keyStates, keyStarts, keyedCodes, byCell };
}

/** Code and kind, county FIPS and state, county, longitude, latitude, first city. */
function packPostalCode(record: PostalCodeRecord, text: (value: string) => number, firstCity: number): number[] {
  const { centroid } = record;
  return [
    (Number(record.code) | (postalCodeKinds.indexOf(record.kind) << codeBits)) >>> 0,
    (Number(record.countyFips) | (text(record.stateProvince) << codeBits)) >>> 0,
    text(record.countyName),
    (centroid ? toUnits(centroid.longitude) : unknownUnits) >>> 0,
    (centroid ? toUnits(centroid.latitude) : unknownUnits) >>> 0,
    firstCity,
  ];
}

/** Numbers every text. States come first: a record keeps only 15 bits for its state. */
function numberTexts(codes: readonly PostalCodeRecord[]): Map<string, number> {
  const states = new Set(codes.map((record) => record.stateProvince));
  const others = new Set<string>();
  for (const record of codes) {
    others.add(record.countyName);
    for (const city of record.cities) others.add(city.name).add(normalizeCity(city.name));
  }
  const ordered = ['', ...[...states].sort(compareText), ...[...others].sort(compareText)];
  const numbers = new Map<string, number>();
  for (const value of ordered) if (!numbers.has(value)) numbers.set(value, numbers.size);
  return numbers;
}

function textOffsetsOf(texts: readonly string[]): number[] {
  const offsets = [0];
  for (const value of texts) offsets.push((offsets.at(-1) ?? 0) + Buffer.byteLength(value, 'utf8'));
  return offsets;
}

interface CityKey {
  readonly name: string;
  readonly state: string;
  readonly codes: number[];
}

function indexCities(codes: readonly PostalCodeRecord[]): CityKey[] {
  const keys = new Map<string, CityKey>();
  codes.forEach(({ cities, stateProvince }, index) => {
    for (const name of new Set(cities.map((city) => normalizeCity(city.name)))) {
      const id = `${name}\n${stateProvince}`;
      const key = keys.get(id) ?? { name, state: stateProvince, codes: [] };
      keys.set(id, key);
      key.codes.push(index);
    }
  });
  return [...keys.values()].sort((a, b) => compareText(a.name, b.name) || compareText(a.state, b.state));
}

function orderByCell(codes: readonly PostalCodeRecord[]): number[] {
  return codes
    .flatMap(({ centroid }, index) => {
      if (!centroid) return [];
      const { row, column } = centroidCellOf(centroid);
      return [{ index, cell: row * centroidCell.columns + column }];
    })
    .sort((a, b) => a.cell - b.cell || a.index - b.index)
    .map(({ index }) => index);
}

function assemble(texts: Buffer, arrays: readonly (readonly number[])[]): Buffer {
  const lengths = [texts.length, ...arrays.map((array) => array.length)];
  const words = new Uint32Array(lengths.length + arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of [lengths, ...arrays]) {
    words.set(array, at);
    at += array.length;
  }
  return Buffer.concat([Buffer.from(words.buffer), texts]);
}
