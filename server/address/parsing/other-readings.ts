import type { LinesReading } from './address-lines.ts';
import { readDeliveryLine } from './delivery-line.ts';
import { findWord, Role, toOrdinal } from './lexicon.ts';
import { suffixRows } from './suffixes.ts';
import { Shape, type Token, tokenize } from './tokens.ts';
import { countErrors } from './typing-errors.ts';

/** Less likely ways to read a line, for when the data knows none of the usual ones. */
export function listOtherReadings(readings: readonly LinesReading[]): readonly LinesReading[] {
  return readings.filter(({ delivery }) => delivery.kind === 'street').flatMap(listOfReading);
}

function listOfReading(reading: LinesReading): readonly LinesReading[] {
  const { line } = reading.delivery;
  const tokens = tokenize(line);
  return [
    ...skipWordsInFront(reading, line, tokens),
    ...splitLetterFromNumber(reading, tokens),
    ...keepSuffixInName(reading, tokens),
    ...countStreet(reading),
    ...correctSuffix(reading, line, tokens),
    ...dropWordsBehind(reading, line, tokens),
  ];
}

/** `John Smith 123 Main St`: text before the first number is no part of the address. */
function skipWordsInFront(reading: LinesReading, line: string, tokens: readonly Token[]): readonly LinesReading[] {
  if (reading.delivery.street.houseNumber !== '') return [];
  const at = tokens.findIndex(({ shape }) => (shape & Shape.leadingDigit) !== 0 && (shape & Shape.ordinal) === 0);
  if (at < 1) return [];
  return [{ ...reading, delivery: readDeliveryLine(line, tokens, at, tokens.length) }];
}

/** `10 B Bar Ranch Rd`: a letter that was read as part of the number may begin the name. */
function splitLetterFromNumber(reading: LinesReading, tokens: readonly Token[]): readonly LinesReading[] {
  const { delivery } = reading;
  const { houseNumber, name } = delivery.street;
  const [number, letter] = tokens;
  if (letter?.shape !== Shape.letter || number === undefined || houseNumber !== number.text + letter.text) return [];
  const street = { ...delivery.street, houseNumber: number.text, name: `${letter.text} ${name}` };
  return [{ ...reading, delivery: { ...delivery, street } }];
}

/** `1400 W Shady Grove`: the last word may belong to a name whose suffix is missing. */
function keepSuffixInName(reading: LinesReading, tokens: readonly Token[]): readonly LinesReading[] {
  const { delivery } = reading;
  const { street, spans } = delivery;
  const word = spans === undefined ? undefined : tokens[spans.suffixAt]?.word;
  if (street.suffix === '' || word === undefined || word.suffix !== street.suffix) return [];
  if ((word.roles & Role.commonSuffix) !== 0) return [];
  return [
    {
      ...reading,
      delivery: { ...delivery, street: { ...street, name: `${street.name} ${word.suffixName}`, suffix: '' } },
    },
  ];
}

/** `5600 NW 79`: a number alone may be a numbered street without its suffix. */
function countStreet(reading: LinesReading): readonly LinesReading[] {
  const { delivery } = reading;
  const { street } = delivery;
  if (street.suffix !== '' || !/^\d{1,3}$/.test(street.name)) return [];
  return [{ ...reading, delivery: { ...delivery, street: { ...street, name: toOrdinal(street.name) } } }];
}

/** `428 S Fourth Streeet`: the last word of a street without suffix may be one with a typing error. */
function correctSuffix(reading: LinesReading, line: string, tokens: readonly Token[]): readonly LinesReading[] {
  const { street, spans } = reading.delivery;
  if (spans === undefined || street.suffix !== '' || spans.postdirectionalAt - spans.nameAt < 2) return [];
  const at = spans.postdirectionalAt - 1;
  const word = tokens[at];
  const suffix = word === undefined ? undefined : findSimilarSuffix(word.text);
  if (word === undefined || suffix === undefined) return [];
  const corrected = tokens.with(at, { ...word, text: suffix, word: findWord(suffix) });
  return [{ ...reading, delivery: readDeliveryLine(line, corrected, 0, tokens.length) }];
}

/** The only primary suffix name of four letters or more that is one typing error away. */
function findSimilarSuffix(text: string): string | undefined {
  const similar = suffixRows.filter(({ name }) => name.length > 3 && countErrors(text, name, 1) === 1);
  return similar.length === 1 ? similar[0]?.name : undefined;
}

/** No street address has more; of a long text every word that might end one would be tried, each with all before it. */
const mostTokens = 20;

/** `1400 Bruce Place SE Johnson School`: the address may end with a suffix or direction; the rest is returned. */
function dropWordsBehind(reading: LinesReading, line: string, tokens: readonly Token[]): readonly LinesReading[] {
  const found: LinesReading[] = [];
  for (let end = Math.min(tokens.length - 1, mostTokens); end > 2; end -= 1) {
    const last = tokens[end - 1];
    if (last === undefined || (last.word.roles & (Role.suffix | Role.directional)) === 0) continue;
    // A direction or suffix contradicts another street; it is not dropped as if it were a remark.
    if (!tokens.slice(end).some(({ word }) => (word.roles & (Role.suffix | Role.directional)) === 0)) continue;
    const rest = line.slice(tokens[end]?.start ?? 0).trim();
    const delivery = readDeliveryLine(line, tokens, 0, end);
    found.push({ delivery, extraneous: [rest, ...reading.extraneous] });
  }
  return found;
}
