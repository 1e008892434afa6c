import { normalizeCity } from './city-names.ts';
import type { Coordinates } from './records.ts';

/** A place of a country other than the United States, with one of its postal codes; names as their source spells them. */
export interface ForeignPlace {
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** Letters and digits only, upper case; may be the first part of a whole code, such as `K1A`. */
  readonly code: string;
  readonly city: string;
  /** State, province or region, and its code; empty where there is none. */
  readonly region: string;
  readonly regionCode: string;
  /** Names of the districts around it. */
  readonly otherNames: readonly string[];
  readonly centroid: Coordinates | undefined;
}

/** Postal codes and cities of other countries, as far as they are loaded. */
export interface ForeignPlaces {
  /** ISO 3166 alpha-2, in order. */
  readonly countries: readonly string[];
  /** Places with exactly this code, whatever its spaces and case. */
  find(country: string, code: string): readonly ForeignPlace[];
  /** Places of this name, whatever its case and accents. */
  ofCity(country: string, city: string): readonly ForeignPlace[];
}

/** The form under which a code is stored: `m9w 2m5` is `M9W2M5`. */
function toCodeKey(code: string): string {
  return code
    .toUpperCase()
    .replace(/ CEDEX.*$/, '')
    .replace(/[^A-Z0-9]/g, '');
}

/** The form under which a city is looked up; what stands in brackets is a remark. */
export function toForeignCityKey(city: string): string {
  return normalizeCity(city.replace(/\(.*$/, ''));
}

const fieldEnd = '\t';
const nameEnd = '|';

/** The body of `foreign-places.bin`: u32 number of places, u32 offsets of their lines and the end, u32 numbers by city. */
export function encodeForeignPlaces(places: readonly ForeignPlace[]): Buffer {
  const lines = places.map(encodeLine).sort(compareText);
  const unique = lines.filter((line, index) => line !== lines[index - 1]);
  const words = new Uint32Array(2 * unique.length + 2);
  words[0] = unique.length;
  let offset = 0;
  unique.forEach((line, index) => {
    words[1 + index] = offset;
    offset += Buffer.byteLength(line, 'utf8');
  });
  words[1 + unique.length] = offset;
  const keys = unique.map((line) => cityKeyOf(line));
  const order = unique.map((_, index) => index);
  order.sort((a, b) => compareText(keys[a] ?? '', keys[b] ?? '') || a - b);
  words.set(order, 2 + unique.length);
  return Buffer.concat([Buffer.from(words.buffer), Buffer.from(unique.join(''), 'utf8')]);
}

/** Reads the body where it lies; lines are decoded when they are asked for. */
export function decodeForeignPlaces(body: Buffer): ForeignPlaces {
  const words = new Uint32Array(body.buffer, body.byteOffset, Math.floor(body.length / 4));
  const count = words[0] ?? 0;
  const offsets = words.subarray(1, count + 2);
  const byCity = words.subarray(count + 2, 2 * count + 2);
  const text = body.subarray(4 * (2 * count + 2));
  const lineAt = (index: number): string => text.toString('utf8', offsets[index], offsets[index + 1]);
  return new StoredForeignPlaces(count, lineAt, (index) => byCity[index] ?? 0);
}

export const noForeignPlaces: ForeignPlaces = { countries: [], find: () => [], ofCity: () => [] };

class StoredForeignPlaces implements ForeignPlaces {
  readonly countries: readonly string[];

  constructor(
    readonly count: number,
    readonly lineAt: (index: number) => string,
    readonly numberByCity: (index: number) => number,
  ) {
    const countries: string[] = [];
    for (let at = 0; at < count; ) {
      const country = lineAt(at).slice(0, 2);
      countries.push(country);
      at = firstIndex(count, (index) => lineAt(index).slice(0, 2) <= country);
    }
    this.countries = countries;
  }

  find(country: string, code: string): readonly ForeignPlace[] {
    const wanted = country + fieldEnd + toCodeKey(code) + fieldEnd;
    const found: ForeignPlace[] = [];
    let at = firstIndex(this.count, (index) => this.lineAt(index) < wanted);
    for (; at < this.count && this.lineAt(at).startsWith(wanted); at += 1) found.push(decodeLine(this.lineAt(at)));
    return found;
  }

  ofCity(country: string, city: string): readonly ForeignPlace[] {
    const wanted = country + fieldEnd + toForeignCityKey(city);
    const found: ForeignPlace[] = [];
    let at = firstIndex(this.count, (index) => this.#cityKey(index) < wanted);
    for (; at < this.count && this.#cityKey(at) === wanted; at += 1) {
      found.push(decodeLine(this.lineAt(this.numberByCity(at))));
    }
    return found;
  }

  #cityKey(index: number): string {
    return cityKeyOf(this.lineAt(this.numberByCity(index)));
  }
}

function encodeLine(place: ForeignPlace): string {
  const { country, code, city, region, regionCode, otherNames, centroid } = place;
  const names = otherNames.map(clean).join(nameEnd);
  const position = centroid ? [String(centroid.longitude), String(centroid.latitude)] : ['', ''];
  return [country, toCodeKey(code), clean(city), clean(region), clean(regionCode), names, ...position].join(fieldEnd);
}

function decodeLine(line: string): ForeignPlace {
  const [country = '', code = '', city = '', region = '', regionCode = '', names = '', x = '', y = ''] =
    line.split(fieldEnd);
  return {
    country,
    code,
    city,
    region,
    regionCode,
    otherNames: names === '' ? [] : names.split(nameEnd),
    centroid: x === '' ? undefined : { longitude: Number(x), latitude: Number(y) },
  };
}

function cityKeyOf(line: string): string {
  const [country = '', , city = ''] = line.split(fieldEnd, 3);
  return country + fieldEnd + toForeignCityKey(city);
}

function clean(text: string): string {
  return text.replace(/[\t\n|]+/g, ' ').trim();
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first index at which `isBefore` is false. */
function firstIndex(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
