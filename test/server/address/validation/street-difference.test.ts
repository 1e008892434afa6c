import { standardizeStreet } from '../../../../server/address/parsing/street-name.ts';
import type { Strictness } from '../../../../server/address/validation/name-distance.ts';
import {
  compareNamesake,
  compareStranger,
  isSameStreet,
  type StreetDifference,
  toWrittenStreet,
} from '../../../../server/address/validation/street-difference.ts';

const street = (text: string) => ({ ...standardizeStreet(text), postalCode: '78758', city: '' });

function tell(difference: StreetDifference | undefined): string {
  if (difference === undefined) return 'no';
  const { contradictions, name, suffix, predirectional, postdirectional } = difference;
  return `${contradictions}: ${[name, suffix, predirectional, postdirectional].join(' ')}`;
}

test.each([
  ['Main St', 'MAIN ST', '0: same same same same'],
  ['Main', 'MAIN ST', '0: same filled same same'],
  ['Main St', 'N MAIN ST', '0: same same filled same'],
  ['Main Ave', 'MAIN ST', '1: same changed same same'],
  ['N Main St', 'S MAIN ST', '1: same same changed same'],
])('%p against its namesake %p', (given, known, expected) => {
  expect(tell(compareNamesake(street(given), street(known), 'M'))).toBe(expected);
});

test('no direction is changed when directionals must be exact', () => {
  expect(compareNamesake(street('N Main St'), street('S Main St'), 'E')).toBeUndefined();
});

test.each<[string, string, Strictness, string]>([
  ['Kramre Ln', 'KRAMER LN', 'M', '1: changed same same same'],
  ['Mc Donald Dr', 'MCDONALD DR', 'M', '0: same same same same'],
  ['Kramre Ln', 'KRAMER LN', 'E', 'no'],
  ['41st St', '42ND ST', 'L', 'no'],
  ['Congress Ave', 'KRAMER LN', 'L', 'no'],
])('%p against %p at strictness %p', (given, known, strictness, expected) => {
  expect(tell(compareStranger(toWrittenStreet(street(given)), street(known), strictness, 'M'))).toBe(expected);
});

test('streets are the same when all parts are', () => {
  expect(isSameStreet(street('N Main Street'), street('NORTH MAIN ST'))).toBe(true);
  expect(isSameStreet(street('Main St'), street('MAIN AVE'))).toBe(false);
});
