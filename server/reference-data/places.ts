import { normalizeCity } from './city-names.ts';
import { distanceMeters, metersPerDegree } from './distance.ts';
import { openBody, toDegrees, unknownUnits } from './format.ts';
import * as layout from './places-layout.ts';
import { postalCodeNumber } from './postal-code-number.ts';
import type { Coordinates, PostalCodeRecord } from './records.ts';

/** Answers to so many questions about cities and neighbours are remembered: a database is asked the same ones all day. */
const rememberedAnswers = 10_000;

/** ZIP Codes and cities of a vintage: the file's own words in memory, records made when they are asked for. */
export class Places {
  readonly #arrays: layout.PlacesArrays;
  /** Record number plus one by ZIP Code. */
  readonly #recordOfCode = new Uint32Array(100_000);
  readonly #records: (PostalCodeRecord | undefined)[];
  readonly #cities = new Map<string, readonly string[]>();
  readonly #codesOfCity = new Map<string, readonly PostalCodeRecord[]>();
  readonly #neighbours = new Map<string, readonly PostalCodeRecord[]>();

  /** Throws `REFERENCE_DATA_FORMAT` or `REFERENCE_DATA_CORRUPT`. @param bytes all of `places.bin` */
  constructor(bytes: Buffer, path: string) {
    this.#arrays = layout.decodePlaces(openBody('places', bytes, path));
    this.#records = new Array<PostalCodeRecord | undefined>(this.count).fill(undefined);
    for (let index = 0; index < this.count; index += 1) {
      this.#recordOfCode[layout.unpackCodeNumber(this.#word(index, 0))] = index + 1;
    }
  }

  get count(): number {
    return this.#arrays.records.length / layout.wordsPerRecord;
  }

  find(code: string): PostalCodeRecord | undefined {
    const found = this.#recordOfCode[postalCodeNumber(code)] ?? 0;
    return found === 0 ? undefined : this.#record(found - 1);
  }

  ofCity(city: string, stateProvince = ''): readonly PostalCodeRecord[] {
    const question = `${stateProvince}|${city}`;
    const known = this.#codesOfCity.get(question);
    if (known) return known;
    return remember(this.#codesOfCity, question, this.#searchCity(normalizeCity(city), stateProvince.toUpperCase()));
  }

  #searchCity(name: string, state: string): readonly PostalCodeRecord[] {
    const { keyNames, keyStates, keyStarts, keyedCodes } = this.#arrays;
    const found: PostalCodeRecord[] = [];
    const first = lowerBound(keyNames.length, (at) => this.#text(keyNames[at]) < name);
    for (let key = first; key < keyNames.length && this.#text(keyNames[key]) === name; key += 1) {
      if (state && this.#text(keyStates[key]) !== state) continue;
      for (const index of keyedCodes.subarray(keyStarts[key], keyStarts[key + 1])) found.push(this.#record(index));
    }
    return found;
  }

  cityNames(stateProvince: string): readonly string[] {
    const state = stateProvince.toUpperCase();
    const known = this.#cities.get(state);
    if (known) return known;
    const names = new Set<string>();
    for (let index = 0; index < this.count; index += 1) {
      if (this.#text(layout.unpackState(this.#word(index, 1))) !== state) continue;
      for (const city of this.#record(index).cities) names.add(city.name);
    }
    const sorted = [...names].sort();
    // A state without cities is remembered too, but no text at all that is asked for.
    if (sorted.length > 0 || state.length === 2) this.#cities.set(state, sorted);
    return sorted;
  }

  neighbours(code: string, limit: number): readonly PostalCodeRecord[] {
    const question = `${code} ${limit}`;
    return this.#neighbours.get(question) ?? remember(this.#neighbours, question, this.#searchAround(code, limit));
  }

  /** Searches rings of centroid cells outwards until no farther ring can hold a nearer one. */
  #searchAround(code: string, limit: number): readonly PostalCodeRecord[] {
    const centre = this.find(code)?.centroid;
    if (!centre || limit <= 0) return [];
    const start = layout.centroidCellOf(centre);
    const found: { record: PostalCodeRecord; meters: number }[] = [];
    // 32 rings are 8 degrees: past that, no ZIP Code is a neighbour.
    for (let ring = 0; ring <= 32; ring += 1) {
      const reach = (ring - 1) * cellMeters(centre);
      const isComplete = found.length >= limit && (found[limit - 1]?.meters ?? 0) <= reach;
      if (isComplete) break;
      for (const index of this.#cellsOfRing(start, ring)) {
        const record = this.#record(index);
        if (record.code === code || !record.centroid) continue;
        found.push({ record, meters: distanceMeters(centre, record.centroid) });
      }
      found.sort((a, b) => a.meters - b.meters || Number(a.record.code) - Number(b.record.code));
    }
    return found.slice(0, limit).map(({ record }) => record);
  }

  *#cellsOfRing(start: { row: number; column: number }, ring: number): Generator<number> {
    for (let row = start.row - ring; row <= start.row + ring; row += 1) {
      const isEdge = Math.abs(row - start.row) === ring;
      if (isEdge) yield* this.#cells(row, start.column - ring, start.column + ring);
      else {
        yield* this.#cells(row, start.column - ring, start.column - ring);
        yield* this.#cells(row, start.column + ring, start.column + ring);
      }
    }
  }

  /** Records whose centroids lie in a row of cells. */
  *#cells(row: number, firstColumn: number, lastColumn: number): Generator<number> {
    const { byCell } = this.#arrays;
    const last = row * layout.centroidCell.columns + lastColumn;
    const first = row * layout.centroidCell.columns + firstColumn;
    let at = lowerBound(byCell.length, (index) => this.#cellOf(byCell[index] ?? 0) < first);
    for (; at < byCell.length; at += 1) {
      const record = byCell[at] ?? 0;
      if (this.#cellOf(record) > last) return;
      yield record;
    }
  }

  #cellOf(index: number): number {
    const { row, column } = layout.centroidCellOf(this.#centroid(index) ?? { longitude: 0, latitude: 0 });
    return row * layout.centroidCell.columns + column;
  }

  #record(index: number): PostalCodeRecord {
    const known = this.#records[index];
    if (known) return known;
    const second = this.#word(index, 1);
    const isLast = index + 1 === this.count;
    const lastCity = isLast ? this.#arrays.cities.length : this.#word(index + 1, 5);
    const cities = this.#arrays.cities.subarray(this.#word(index, 5), lastCity);
    const record: PostalCodeRecord = {
      code: layout.unpackCode(this.#word(index, 0)),
      kind: layout.unpackKind(this.#word(index, 0)),
      stateProvince: this.#text(layout.unpackState(second)),
      countyName: this.#text(this.#word(index, 2)),
      countyFips: layout.unpackFips(second),
      cities: Array.from(cities, (city) => ({
        name: this.#text(layout.unpackCityText(city)),
        type: layout.unpackCityType(city),
      })),
      centroid: this.#centroid(index),
    };
    this.#records[index] = record;
    return record;
  }

  #centroid(index: number): Coordinates | undefined {
    const longitude = this.#word(index, 3) | 0;
    if (longitude === unknownUnits) return undefined;
    return { longitude: toDegrees(longitude), latitude: toDegrees(this.#word(index, 4) | 0) };
  }

  #word(index: number, word: number): number {
    return this.#arrays.records[index * layout.wordsPerRecord + word] ?? 0;
  }

  #text(number: number | undefined): string {
    const { textOffsets, texts } = this.#arrays;
    const from = textOffsets[number ?? 0] ?? 0;
    const to = textOffsets[(number ?? 0) + 1] ?? 0;
    return from === to ? '' : texts.toString('utf8', from, to);
  }
}

function remember<Answer>(answers: Map<string, Answer>, question: string, answer: Answer): Answer {
  if (answers.size >= rememberedAnswers) answers.clear();
  answers.set(question, answer);
  return answer;
}

/** The width of a cell around a place: its shorter side, so that a ring's reach is never overstated. */
function cellMeters({ latitude }: Coordinates): number {
  return (
    (metersPerDegree / layout.centroidCell.perDegree) * Math.cos((Math.min(80, Math.abs(latitude) + 8) * Math.PI) / 180)
  );
}

/** The first index at which `isBefore` is false. */
function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
