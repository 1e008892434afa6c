import { findHighwayForm, highwayWords } from '../../../../server/address/parsing/highways.ts';

function find(text: string): string {
  const words = text.split(' ');
  const form = findHighwayForm((index) => words[index] ?? '', 0);
  return form === undefined ? '' : `${form.standard} (${form.length})`;
}

test.each([
  ['US HWY 19', 'US HIGHWAY (2)'],
  ['U S HIGHWAY 19', 'US HIGHWAY (3)'],
  ['STATE ROUTE 690', 'STATE ROUTE (2)'],
  ['CO RD 12', 'COUNTY ROAD (2)'],
  ['COUNTRY ROAD 183', 'COUNTY ROAD (2)'],
  ['COUNTY TRUNK HWY A', 'COUNTY HIGHWAY (3)'],
  ['FARM TO MARKET ROAD 471', 'FM (4)'],
  ['HIGHWAY 7', 'HIGHWAY (1)'],
  ['MAIN ST', ''],
  ['', ''],
])('the longest form in %p is %p', (text, expected) => {
  expect(find(text)).toBe(expected);
});

test('every form starts with a word that announces it', () => {
  for (const word of ['US', 'STATE', 'COUNTY', 'CR', 'FM', 'I', 'LOOP']) expect(highwayWords.has(word)).toBe(true);
  expect(highwayWords.has('MAIN')).toBe(false);
});
