import { parseUnit } from '../../../../server/address/index.ts';
import { unitDesignatorRows } from '../../../../server/address/parsing/unit-designators.ts';

test.each([
  ['#314', '#', '314'],
  ['APARTMENT G', 'APT', 'G'],
  ['B', '#', 'B'],
  ['12', '#', '12'],
  ['Ste 5', 'STE', '5'],
  ['Apt # 5', 'APT', '5'],
  ['Bldg 3 Apt 4', 'APT', '4'],
  ['2nd floor', 'FL', '2'],
  ['Ground Floor', 'FL', 'GROUND'],
  ['Rear', 'REAR', ''],
  ['Apt 3 A', 'APT', '3A'],
  ['', '', ''],
  ['#', '', ''],
])('reads %p', (text, designator, number) => {
  expect(parseUnit(text)).toEqual({ designator, number });
});

test('every spelling of a designator gives its abbreviation', () => {
  for (const { abbreviation, spellings } of unitDesignatorRows) {
    if (abbreviation === '#') continue;
    for (const spelling of spellings)
      expect(parseUnit(`${spelling} 12`)).toEqual({ designator: abbreviation, number: '12' });
  }
});
