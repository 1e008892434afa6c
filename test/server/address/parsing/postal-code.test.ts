import { parsePostalCode } from '../../../../server/address/index.ts';

test.each([
  ['12345', '12345', ''],
  ['12345-6789', '12345', '6789'],
  ['123456789', '12345', '6789'],
  ['12345 6789', '12345', '6789'],
  [' 12345 ', '12345', ''],
  ['2886', '02886', ''],
  ['028861234'.slice(1), '02886', '1234'],
  ['', '', ''],
  ['A1A 1A1', '', ''],
  ['123', '', ''],
])('reads %p', (text, base, addOn) => {
  expect(parsePostalCode(text)).toEqual({ base, addOn });
});
