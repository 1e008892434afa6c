import { applyCasingToName, recase } from '../../../../server/address/formatting/casing.ts';
import { applyCasing } from '../../../../server/address/index.ts';

test.each([
  ['MAIN', 'Main'],
  ['40TH', '40th'],
  ['MCDONALD', 'McDonald'],
  ["O'BRIEN", "O'Brien"],
  ['WINSTON-SALEM', 'Winston-Salem'],
  ['MARTIN LUTHER KING JR', 'Martin Luther King Jr'],
  ['PO BOX 1', 'PO Box 1'],
  ['RR 2 BOX 10A', 'RR 2 Box 10A'],
  ['401 N MAIN ST NW APT 5B', '401 N Main St NW Apt 5B'],
  ['UNITED STATES OF AMERICA', 'United States Of America'],
  ['US HIGHWAY 31', 'US Highway 31'],
  ['', ''],
])('writes %p in mixed case', (upper, mixed) => {
  expect(applyCasing(upper, 'M')).toBe(mixed);
  expect(applyCasing(upper, 'U')).toBe(upper);
});

test.each([
  ['c/o John SMITH', 'C/O John Smith'],
  ['Drop at back dock', 'Drop At Back Dock'],
  ['jsmith@example.com', 'Jsmith@example.com'],
])('recases %p as sent', (given, expected) => {
  expect(recase(given, 'M')).toBe(expected);
});

test.each(['', 'T', 'MARTIN LUTHER KING', 'MCDONALD', 'WILKES-BARRE', '1ST', 'FM 1960', 'UNITED STATES OF AMERICA'])(
  'the name %j has the casing that any text has, also the second time',
  (name) => {
    for (const casing of ['M', 'U', 'M'] as const) {
      expect(applyCasingToName(name, casing)).toBe(applyCasing(name, casing));
    }
  },
);
