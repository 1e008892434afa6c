import type { AddressDatabase, StreetView } from '../../reference-data/index.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import { listOtherReadings } from '../parsing/other-readings.ts';
import type { StreetLine } from '../parsing/street-line.ts';
import { type AddressMatch, placeOnStreet, toSoughtLine } from './address-match.ts';
import {
  type CandidatePostalCode,
  type CityPostalCodes,
  findCityPostalCodes,
  listNeighbouringPostalCodes,
} from './candidate-postal-codes.ts';
import type { Strictness } from './name-distance.ts';
import {
  compareNamesake,
  compareStranger,
  isSameStreet,
  type StreetDifference,
  sameStreet,
  toWrittenStreet,
} from './street-difference.ts';

export interface MatchSettings {
  readonly street: Strictness;
  readonly directional: Strictness;
}

/** An element that a failed match could not find in the data. */
export type MissingElement = 'PostalCode' | 'City' | 'StreetName' | 'HouseNumber' | 'POBoxNumber' | 'RuralRoute';

export interface Candidates {
  /** The best match, with all that fit as well; empty when nothing fits. */
  readonly matches: readonly AddressMatch[];
  readonly missing: readonly MissingElement[];
}

/** One contradicted element, beside the name of a town next to it (docs/decisions/0010-evidence.md). */
const maximumContradictions = 1.5;
/** Candidates whose costs differ by less are as good as each other; where something is contradicted, more must lie between. */
const margin = { clean: 5, contradicted: 16 } as const;
/** A name is looked for among all streets of so many ZIP Codes of a city; those for boxes and firms have none. */
const strangerSearchLimit = 40;

interface Search {
  readonly view: StreetView;
  readonly settings: MatchSettings;
  readonly given: CandidatePostalCode | undefined;
  /** Undefined when nothing may replace the given ZIP Code. */
  readonly ofCity: CityPostalCodes | undefined;
  readonly found: AddressMatch[];
  /** Whether a street of the given name was seen, with whatever house numbers. */
  isNameKnown: boolean;
  /** Whether the given ZIP Code has the street as given: then nothing there may contradict it. */
  isGivenKnown: boolean;
}

/** Looks for everything the input can mean, nearest first: as given, elsewhere in the city, spelt otherwise. */
export function searchCandidates(
  database: AddressDatabase,
  view: StreetView,
  address: ParsedAddress,
  given: CandidatePostalCode | undefined,
  settings: MatchSettings,
): Candidates {
  const ofCity = isUncovered(view, given) ? undefined : findCityPostalCodes(database, address.lastLine);
  const search: Search = { view, settings, given, ofCity, found: [], isNameKnown: false, isGivenKnown: false };
  searchReadings(search, address.readings);
  if (search.found.length === 0) searchReadings(search, listOtherReadings(address.readings));
  if (search.found.length === 0 && !search.isNameKnown) {
    const neighbours = listNeighbouringPostalCodes(database, address.lastLine, ofCity?.records ?? []);
    for (const reading of address.readings) searchAround(search, reading, neighbours);
  }
  const matches = chooseBest(search.found);
  return { matches, missing: matches.length > 0 ? [] : listMissing(search, address) };
}

/** A ZIP Code that fits the rest of the last line, but of which the data has no streets: nothing may replace it. */
function isUncovered(view: StreetView, given: CandidatePostalCode | undefined): boolean {
  return given !== undefined && given.contradictions === 0 && view.streetsOf(given.record.code).length === 0;
}

/** The first reading that leads anywhere decides. */
function searchReadings(search: Search, readings: readonly LinesReading[]): void {
  for (const reading of readings) {
    searchReading(search, reading);
    if (search.found.length > 0) return;
  }
}

function searchReading(search: Search, reading: LinesReading): void {
  const line = toSoughtLine(reading);
  if (line.name === '') return;
  const { given, ofCity, found } = search;
  if (given !== undefined && searchNamesakes(search, reading, line, given)) search.isGivenKnown = true;
  if (hasClean(found)) return;
  const isCityKnown = ofCity !== undefined && searchCity(search, reading, line, ofCity);
  if (hasClean(found) || !isWorthGuessing(reading, line)) return;
  if (given !== undefined && !search.isGivenKnown) searchStrangers(search, reading, line, given);
  if (given !== undefined || ofCity === undefined || isCityKnown) return;
  const covered = search.view.withStreets(ofCity.records);
  if (covered.length > strangerSearchLimit) return;
  for (const record of covered) searchStrangers(search, reading, line, ofCity.candidate(record));
}

/** The namesakes in all other ZIP Codes of the city; most of them have none. */
function searchCity(search: Search, reading: LinesReading, line: StreetLine, ofCity: CityPostalCodes): boolean {
  let isKnown = false;
  for (const record of search.view.withStreets(ofCity.records)) {
    if (record === search.given?.record || search.view.streetsNamed(record.code, line.name).length === 0) continue;
    isKnown = searchNamesakes(search, reading, line, ofCity.candidate(record)) || isKnown;
  }
  return isKnown;
}

function searchAround(search: Search, reading: LinesReading, neighbours: readonly CandidatePostalCode[]): void {
  const line = toSoughtLine(reading);
  if (!isWorthGuessing(reading, line)) return;
  for (const code of neighbours) searchNamesakes(search, reading, line, code);
}

/** Other spellings and other towns are for houses: boxes have no names, and a street without a number is no address. */
function isWorthGuessing({ delivery }: LinesReading, line: StreetLine): boolean {
  return delivery.service === undefined && line.houseNumber !== '';
}

function hasClean(found: readonly AddressMatch[]): boolean {
  return found.some(({ contradictions }) => contradictions < 1);
}

/** Tries the streets of exactly this name; tells whether the street exists there as given. */
function searchNamesakes(search: Search, reading: LinesReading, line: StreetLine, code: CandidatePostalCode): boolean {
  const streets = search.view.streetsNamed(code.record.code, line.name);
  if (streets.length === 0) return false;
  search.isNameKnown = true;
  const isKnown = streets.some((street) => isSameStreet(line, street));
  for (const street of streets) {
    const difference = isSameStreet(line, street)
      ? sameStreet
      : compareNamesake(line, street, search.settings.directional);
    if (
      difference === undefined ||
      (difference.contradictions > 0 && (isKnown || (search.isGivenKnown && code === search.given)))
    )
      continue;
    tryStreet(search, reading, line, street, code, difference);
  }
  return isKnown;
}

/** Tries the streets whose names are alike; only the nearest spelling counts, whether or not it has the number. */
function searchStrangers(search: Search, reading: LinesReading, line: StreetLine, code: CandidatePostalCode): void {
  const { view, settings } = search;
  const written = toWrittenStreet(line);
  let least = Number.POSITIVE_INFINITY;
  const alike: { readonly street: Parameters<typeof tryStreet>[3]; readonly difference: StreetDifference }[] = [];
  for (const street of view.streetsOf(code.record.code)) {
    if (street.name === line.name) continue;
    const difference = compareStranger(written, street, settings.street, settings.directional);
    if (difference === undefined) continue;
    alike.push({ street, difference });
    least = Math.min(least, difference.errors);
  }
  for (const { street, difference } of alike) {
    if (difference.errors === least) tryStreet(search, reading, line, street, code, difference);
  }
}

function tryStreet(
  search: Search,
  reading: LinesReading,
  line: StreetLine,
  street: AddressMatch['street'],
  code: CandidatePostalCode,
  difference: StreetDifference,
): void {
  if (difference.contradictions + code.contradictions > maximumContradictions) return;
  const match = placeOnStreet(search.view, reading, line, street, code, difference);
  if (match !== undefined && match.contradictions <= maximumContradictions) search.found.push(match);
}

/** The matches with the fewest contradictions and, among them, of about the lowest cost; each address once. */
function chooseBest(found: readonly AddressMatch[]): readonly AddressMatch[] {
  const ordered = [...found].sort((a, b) => a.contradictions - b.contradictions || a.cost - b.cost);
  const best = ordered[0];
  if (best === undefined) return [];
  const chosen: AddressMatch[] = [];
  const limit = best.cost + (best.contradictions < 1 ? margin.clean : margin.contradicted);
  for (const match of ordered) {
    if (match.contradictions > best.contradictions || match.cost >= limit) break;
    if (!chosen.some((other) => isSameAddress(other, match))) chosen.push(match);
  }
  return chosen;
}

function isSameAddress(a: AddressMatch, b: AddressMatch): boolean {
  const [one, other] = [a.street, b.street];
  return (
    one.postalCode === other.postalCode &&
    a.houseNumber === b.houseNumber &&
    isSameStreet(one.alias?.base ?? one, other.alias?.base ?? other) &&
    one.urbanization === other.urbanization
  );
}

function listMissing(search: Search, { readings, lastLine }: ParsedAddress): readonly MissingElement[] {
  const { delivery } = readings[0] ?? {};
  if (search.given === undefined && (search.ofCity?.records.length ?? 0) === 0) {
    return lastLine.postalCode === '' ? ['City'] : lastLine.city === '' ? ['PostalCode'] : ['PostalCode', 'City'];
  }
  if (delivery?.kind === 'poBox') return ['POBoxNumber'];
  if (delivery?.kind === 'ruralRoute' || delivery?.kind === 'highwayContract') return ['RuralRoute'];
  return search.isNameKnown ? ['HouseNumber'] : ['StreetName'];
}
