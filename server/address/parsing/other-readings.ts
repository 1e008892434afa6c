import type { LinesReading } from './address-lines.ts';
import { readDeliveryLine } from './delivery-line.ts';
import { findWord, Role } from './lexicon.ts';
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
    ...joinLetterToNumber(reading, tokens),
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

/** `10 A Main St`: the letter may belong to the number. */
function joinLetterToNumber(reading: LinesReading, tokens: readonly Token[]): readonly LinesReading[] {
  const { delivery } = reading;
  const { houseNumber, name } = delivery.street;
  const letter = tokens[1];
  if (letter?.shape !== Shape.letter || !/^\d+$/.test(houseNumber) || !name.startsWith(`${letter.text} `)) return [];
  const street = { ...delivery.street, houseNumber: houseNumber + letter.text, name: name.slice(2) };
  return [{ ...reading, delivery: { ...delivery, street } }];
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

/** `1400 Bruce Place SE Johnson School`: the address may end with a suffix or direction; the rest is returned. */
function dropWordsBehind(reading: LinesReading, line: string, tokens: readonly Token[]): readonly LinesReading[] {
  const found: LinesReading[] = [];
  for (let end = tokens.length - 1; end > 2; end -= 1) {
    const last = tokens[end - 1];
    if (last === undefined || (last.word.roles & (Role.suffix | Role.directional)) === 0) continue;
    const rest = line.slice(tokens[end]?.start ?? 0).trim();
    const delivery = readDeliveryLine(line, tokens, 0, end);
    found.push({ delivery, extraneous: [rest, ...reading.extraneous] });
  }
  return found;
}
