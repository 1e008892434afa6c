import fc from 'fast-check';
import { standardizeStreet } from '../../../../server/address/parsing/street-name.ts';
import { suffixRows } from '../../../../server/address/parsing/suffixes.ts';

const joined = (text: string) => {
  const { predirectional, name, suffix, postdirectional } = standardizeStreet(text);
  return [predirectional, name, suffix, postdirectional].join('|');
};

test.each([
  ['T Street Southeast', '|T|ST|SE'],
  ['South 40th Street', 'S|40TH|ST|'],
  ['N 5th St NW', 'N|5TH|ST|NW'],
  ['S E 5th St', 'SE|5TH|ST|'],
  ['Main St S W', '|MAIN|ST|SW'],
  ['Middle Turnpike West', '|MIDDLE|TPKE|W'],
  ['Lake Shore Drive West', '|LAKE SHORE|DR|W'],
  ['Lk Shore Dr', '|LAKE SHORE|DR|'],
  ['Ethan Allen Highway', '|ETHAN ALLEN|HWY|'],
  ['Main Avenue Drive', '|MAIN AVENUE|DR|'],
  ['Main St Ext', '|MAIN STREET|EXT|'],
  ["O'Brien St", '|OBRIEN|ST|'],
])('splits %p', (text, expected) => {
  expect(joined(text)).toBe(expected);
});

test.each([
  ['Court St', '|COURT|ST|'],
  ['Street', '|STREET||'],
  ['North Ave', '|NORTH|AVE|'],
  ['NW Blvd', '|NORTHWEST|BLVD|'],
  ['N St', '|N|ST|'],
  ['E. St. SE', '|E|ST|SE'],
  ['N Broadway', 'N|BROADWAY||'],
  ['N Wells', 'N|WELLS||'],
  ['East West Highway', '|EAST WEST|HWY|'],
  ['W North Ave', 'W|NORTH|AVE|'],
  ['Boulevard East', '|BOULEVARD EAST||'],
  ['E Boulevard Ave', 'E|BOULEVARD|AVE|'],
  ['St South', '|STREET SOUTH||'],
  ['Avenue A', '|AVENUE A||'],
  ['Avenue N', '|AVENUE N||'],
  ['N Ave B', 'N|AVENUE B||'],
  ['Ave of the Americas', '|AVENUE OF THE AMERICAS||'],
  ['300 W', '|300||W'],
])('finds the name in %p', (text, expected) => {
  expect(joined(text)).toBe(expected);
});

test.each([
  ['First St', '|1ST|ST|'],
  ['First', '|1ST||'],
  ['Twenty First Ave S', '|21ST|AVE|S'],
  ['56 St', '|56TH|ST|'],
  ['First Capitol Dr', '|FIRST CAPITOL|DR|'],
  ['St Louis Ave', '|SAINT LOUIS|AVE|'],
  ['Mt Vernon Ave', '|MOUNT VERNON|AVE|'],
  ['Mlk Jr Blvd', '|MARTIN LUTHER KING JR|BLVD|'],
  ['Dr King Blvd', '|DR KING|BLVD|'],
  ['La Jolla Blvd', '|LA JOLLA|BLVD|'],
  ['Truck & Trailer Way', '|TRUCK AND TRAILER|WAY|'],
])('spells the name in %p', (text, expected) => {
  expect(joined(text)).toBe(expected);
});

test.each([
  ['County Road 12', '|COUNTY ROAD 12||'],
  ['Co Rd 1400N', '|COUNTY ROAD 1400N||'],
  ['Highway 100', '|HIGHWAY 100||'],
  ['US-31 N', '|US HIGHWAY 31||N'],
  ['U.S. Highway No. 130 North', '|US HIGHWAY 130||N'],
  ['SR 7', '|STATE ROAD 7||'],
  ['W FM 471', 'W|FM 471||'],
  ['RR 620 S', '|RANCH ROAD 620||S'],
  ['I-95', '|INTERSTATE 95||'],
  ['State Highway #50', '|STATE HIGHWAY 50||'],
  ['Hwy 17 Business', '|HIGHWAY 17 BUSINESS||'],
  ['Old Hwy 50', '|OLD HIGHWAY 50||'],
  ['County Road E', '|COUNTY ROAD E||'],
  ['Highway 50 Frontage Rd', '|HIGHWAY 50 FRONTAGE|RD|'],
])('names the numbered road %p', (text, expected) => {
  expect(joined(text)).toBe(expected);
});

test('every spelling of a suffix gives its standard abbreviation', () => {
  for (const { abbreviation, spellings } of suffixRows) {
    for (const spelling of spellings) expect(standardizeStreet(`Oakwood ${spelling}`).suffix).toBe(abbreviation);
  }
});

test('standardizing twice changes nothing', () => {
  const direction = fc.constantFrom('', 'N', 'South', 'nw', 'S E', 'So.');
  const word = fc.oneof(
    fc.constantFrom('Saint', 'St', 'Mt', 'Park', 'Hill', 'Old', 'First', 'Twenty', '5', '40th', 'of', 'the', 'Lake'),
    fc.stringMatching(/^[A-Za-z]{3,9}$/),
  );
  const suffix = fc.constantFrom('', 'St', 'Avenue', 'boulev', 'Rd.', 'Hwy', 'Crossing');
  fc.assert(
    fc.property(
      direction,
      fc.array(word, { minLength: 1, maxLength: 4 }),
      suffix,
      direction,
      (pre, name, end, post) => {
        const once = write([pre, ...name, end, post].join(' '));
        expect(write(once)).toBe(once);
      },
    ),
    { numRuns: 1000 },
  );
});

function write(text: string): string {
  return Object.values(standardizeStreet(text)).filter(Boolean).join(' ');
}
