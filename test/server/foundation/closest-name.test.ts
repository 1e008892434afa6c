import { findClosestName } from '../../../server/foundation/closest-name.ts';

const names = ['ValidateAddress', 'GetCandidateAddresses', 'GetPostalCodes', 'GeocodeUSAddress'];

test.each([
  ['validateaddress', 'ValidateAddress'],
  ['ValidateAdress', 'ValidateAddress'],
  ['GetPostCodes', 'GetPostalCodes'],
  ['GeocodeAddress', 'GeocodeUSAddress'],
])('%s is closest to %s', (given, expected) => {
  expect(findClosestName(given, names)).toBe(expected);
});

test('a name that resembles nothing has no closest one', () => {
  expect(findClosestName('zzzzzzzzzzzzzzzz', names)).toBeUndefined();
  expect(findClosestName('x', [])).toBeUndefined();
});
