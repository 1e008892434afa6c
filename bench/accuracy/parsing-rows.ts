/**
 * Decides, without any code of the product, which rows of the parse tests are scored and what their labels ask for:
 * plain string rules over the labels. `npx tsx bench/accuracy/parsing-rows.ts` prints the counts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataFolder } from './geocoding-brute-force.ts';
import { findStateLetters, toCity, toStreetWords, toWords, toZip, unitDesignators } from './parsing-words.ts';

/** What one parser or one label set says about a row, in the words of the comparison; absent: not asserted. */
export interface Parts {
  readonly houseNumber?: string;
  readonly predirectional?: string;
  readonly name?: string;
  readonly suffix?: string;
  readonly postdirectional?: string;
  /** All street words, sorted. */
  readonly street?: string;
  /** Identifiers of all units, joined. */
  readonly units?: string;
  readonly city?: string;
  readonly state?: string;
  readonly zip?: string;
  readonly zip4?: string;
}

export interface LabelledRow {
  readonly input: string;
  /** As labelled, and, where that differs, as Publication 28 divides the same words. Either counts. */
  readonly readings: readonly Parts[];
}

export interface LabelSet {
  readonly name: string;
  readonly isDivided: boolean;
  readonly rows: readonly LabelledRow[];
  readonly counts: Readonly<Record<string, number>>;
}

type Labels = Readonly<Record<string, string>>;

interface RowText {
  readonly input: string;
  readonly expected: Labels;
}

interface SetRule {
  readonly name: string;
  readonly file: string;
  /** Whether a label that is absent says that the input holds no such part. */
  readonly isComplete: boolean;
  /** Whether direction, name and suffix have labels of their own; elsewhere only the whole street can be compared. */
  readonly isDivided: boolean;
}

const setRules: readonly SetRule[] = [
  { name: 'usaddress-labeled-postal', file: 'usaddress_labeled', isComplete: true, isDivided: true },
  { name: 'osm-synthetic', file: 'usaddress_synthetic_osm', isComplete: true, isDivided: true },
  { name: 'us50-messiest', file: 'usaddress_us50_messiest', isComplete: true, isDivided: false },
  { name: 'us50-train', file: 'usaddress_us50_train', isComplete: true, isDivided: false },
  { name: 'multiword-state', file: 'usaddress_multiword_state', isComplete: true, isDivided: true },
  { name: 'parse-address-tests', file: 'parse_address', isComplete: true, isDivided: true },
  { name: 'addresser-tests', file: 'addresser', isComplete: false, isDivided: false },
  { name: 'addressit-tests', file: 'addressit', isComplete: false, isDivided: false },
  { name: 'pelias-parser-us', file: 'pelias_parser_us', isComplete: false, isDivided: false },
  { name: 'pelias-acceptance', file: 'pelias_acceptance_address', isComplete: false, isDivided: false },
];

const streetLabels = [
  'predirectional',
  'premodifier',
  'pretype',
  'street_name',
  'street',
  'suffix',
  'direction',
  'postdirectional',
  'postmodifier',
] as const;

/** Labels of a plain postal address; `line1`, `line2` and `name` repeat what the others say. */
const plainLabels = new Set<string>([
  ...streetLabels,
  ...'house_number house_number_prefix house_number_suffix unit_type unit_number subaddress_type'.split(' '),
  ...'subaddress_number unit city state zip zip4 country line1 line2 name'.split(' '),
]);

const unitedStates = new Set(['', 'us', 'usa', 'u s a', 'united states', 'united states of america']);

/** Why a row is not scored; the first reason counts. */
const exclusions: readonly (readonly [string, (row: RowText) => boolean])[] = [
  ['other-labels', ({ expected }) => !Object.keys(expected).every((label) => plainLabels.has(label))],
  ['no-house-number', ({ expected }) => wordsOf(expected, ['house_number']).length === 0],
  ['no-street', ({ expected }) => wordsOf(expected, ['street_name', 'street']).length === 0],
  ['intersection', ({ expected }) => (expected.street ?? '').includes('&')],
  ['other-country', isElsewhere],
  ['not-in-the-input', ({ input, expected }) => !holdsLabels(input, expected)],
];

export function loadLabelSets(): readonly LabelSet[] {
  return setRules.map(selectRows);
}

function selectRows({ name, file, isComplete, isDivided }: SetRule): LabelSet {
  const path = join(dataFolder, 'parse-tests', `${file}.jsonl.gz`);
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  const all = lines.map((line) => JSON.parse(line) as RowText);
  const counts: Record<string, number> = { all: all.length };
  const rows: LabelledRow[] = [];
  for (const row of all) {
    const reason = exclusions.find(([, applies]) => applies(row))?.[0];
    const key = reason === undefined ? 'scored' : `left-out-${reason}`;
    counts[key] = (counts[key] ?? 0) + 1;
    if (reason === undefined) rows.push({ input: row.input, readings: readLabels(row, isComplete) });
  }
  return { name, isDivided, rows, counts };
}

function isElsewhere({ input, expected: { country = '', state } }: RowText): boolean {
  if (/\bcanada$/i.test(input)) return true;
  return (
    !unitedStates.has(toWords(country).join(' ')) || (state !== undefined && findStateLetters(state) === undefined)
  );
}

/** Sets made for geocoders ask for words that only a gazetteer knows; such rows say nothing about a parser. */
function holdsLabels(input: string, expected: Labels): boolean {
  const given = new Set(toStreetWords(input));
  const wanted = wordsOf(expected, [...streetLabels, 'house_number', 'city', 'zip']);
  return wanted.every((word) => given.has(word) || [...given].some((one) => one.includes(word)));
}

function wordsOf(expected: Labels, labels: readonly string[]): string[] {
  return labels.flatMap((label) => toStreetWords(expected[label] ?? ''));
}

function readLabels({ input, expected }: RowText, isComplete: boolean): readonly Parts[] {
  const text = (...labels: readonly string[]) => wordsOf(expected, labels).join(' ');
  const zip = toZip(expected.zip ?? '');
  const labelled: Parts = {
    houseNumber: toWords(
      [expected.house_number_prefix, expected.house_number, expected.house_number_suffix].join(' '),
    ).join(' '),
    predirectional: text('predirectional').replaceAll(' ', ''),
    name: text('premodifier', 'pretype', 'street_name'),
    suffix: text('suffix'),
    postdirectional: text('direction', 'postdirectional', 'postmodifier').replaceAll(' ', ''),
    street: wordsOf(expected, streetLabels).sort().join(' '),
    city: toCity(expected.city ?? ''),
    state: findStateLetters(expected.state ?? '') ?? '',
    zip: zip.slice(0, 5),
    zip4: zip.slice(5) || toWords(expected.zip4 ?? '').join(''),
  };
  const postal = { ...labelled, ...divideAsPublication28(input, expected) };
  const streets = postal.name === labelled.name && postal.suffix === labelled.suffix ? [labelled] : [labelled, postal];
  const orders = [...new Set(listUnitOrders(expected))];
  const readings = streets.flatMap((parts) => orders.map((units) => ({ ...parts, units })));
  return isComplete ? readings : readings.map((parts) => keepAsserted(parts, expected));
}

/** Identifiers of unit and subaddress; they are labelled apart, so that their order in the input is not known. */
function listUnitOrders(expected: Labels): readonly string[] {
  const { unit_number, subaddress_number, unit_type, subaddress_type, unit = '' } = expected;
  const units = [unit_number ?? unit_type ?? '', subaddress_number ?? subaddress_type ?? '', unit].map(toUnitId);
  return [units.join(''), units.toReversed().join('')];
}

/** `Floor 14th, # 3-B` → `143b`: identifiers only, ordinals as numbers, joined; a designator alone stays. */
export function toUnitId(text: string): string {
  const words = toWords(text).map((word) => ordinals[word] ?? word.replace(/^(\d+)(?:st|nd|rd|th)$/, '$1'));
  const ids = words.map((word) => word.replace(gluedDesignator, '')).filter((word) => !unitDesignators().has(word));
  return ids.length > 0 ? ids.join('') : (words.find((word) => loneDesignators.has(word)) ?? '');
}

const gluedDesignator = /^(?:unit|suite|ste|apt|rm|lt|lot)(?=\d)/;

const loneDesignators = new Set(
  'basement bsmt front frnt lobby lbby lower lowr office ofc penthouse ph rear side upper uppr'.split(' '),
);

const ordinals: Readonly<Record<string, string>> = Object.fromEntries(
  'first second third fourth fifth sixth seventh eighth ninth tenth'
    .split(' ')
    .map((word, at) => [word, String(at + 1)]),
);

/**
 * Publication 28 sections 233 and 234: of several suffixes only the last is the suffix, and a directional in front of
 * it is part of the name. Label sets that follow the address standard of the FGDC divide those words otherwise.
 */
function divideAsPublication28(input: string, expected: Labels): Pick<Parts, 'name' | 'suffix' | 'postdirectional'> {
  const ordered = orderStreetWords(input, expected);
  // `ST EXT`: the modifier is a suffix too; `HIGHWAY A1A ALT`: it is part of the name.
  const hasSuffix = ordered.some(({ label }) => label === 'suffix');
  const lastSuffix = ordered.findLastIndex(
    ({ label }) => label === 'suffix' || (hasSuffix && label === 'postmodifier'),
  );
  const start = ordered.findIndex(({ label }) => label !== 'predirectional');
  const end = lastSuffix < 0 ? ordered.findLastIndex(({ label }) => label !== 'postdirectional') + 1 : lastSuffix;
  const join = (from: number, to: number) =>
    ordered
      .slice(Math.max(0, from), to)
      .map(({ word }) => word)
      .join(' ');
  return {
    name: join(start, end),
    suffix: lastSuffix < 0 ? '' : join(lastSuffix, lastSuffix + 1),
    postdirectional: join(lastSuffix < 0 ? end : lastSuffix + 1, ordered.length).replaceAll(' ', ''),
  };
}

/** The labelled words of the street in the order of the input. */
function orderStreetWords(input: string, expected: Labels): { readonly word: string; readonly label: string }[] {
  const open = new Map(streetLabels.map((label) => [label as string, toStreetWords(expected[label] ?? '')]));
  const ordered: { word: string; label: string }[] = [];
  const number = toWords(expected.house_number ?? '').length;
  for (const word of toStreetWords(input).slice(number)) {
    const label = [...open.keys()].find((one) => open.get(one)?.[0] === word);
    if (label === undefined) continue;
    open.get(label)?.shift();
    ordered.push({ word, label });
  }
  return ordered;
}

function keepAsserted(parts: Parts, expected: Labels): Parts {
  const { houseNumber, street, units, city, state, zip, zip4 } = parts;
  const isSplit = expected.street === undefined && expected.line1 === undefined;
  const { predirectional, name, suffix, postdirectional } = parts;
  return {
    ...(houseNumber !== '' && { houseNumber }),
    street,
    ...(isSplit && { predirectional, name, suffix, postdirectional }),
    ...(units !== '' && { units }),
    ...(city !== '' && { city }),
    ...(state !== '' && { state }),
    ...(zip !== '' && { zip }),
    ...(zip4 !== '' && { zip4 }),
  };
}

if (process.argv[1] === import.meta.filename) {
  if (existsSync(dataFolder)) for (const { name, counts } of loadLabelSets()) console.log(name, JSON.stringify(counts));
  else console.error('SKIPPED: ../shared/data is not here');
}
