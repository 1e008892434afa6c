import fc from 'fast-check';
import { parseStreetLine } from '../../../../server/address/index.ts';

const joined = (line: string) => Object.values(parseStreetLine(line)).join('|');

test.each([
  ['1745 T Street Southeast', '1745||T|ST|SE|||'],
  ['525 Middle Turnpike West', '525||MIDDLE|TPKE|W|||'],
  ['16 County Road 12', '16||COUNTY ROAD 12|||||'],
  ['124 W 42 St Fl 3', '124|W|42ND|ST||FL|3|'],
  ['123 Main St Bldg 3 Apt 4', '123||MAIN|ST||APT|4|BLDG 3'],
  ['123 1/2 N Main St Ste 100-B', '123 1/2|N|MAIN|ST||STE|100-B|'],
  ['12-34 41st Ave #5', '12-34||41ST|AVE||#|5|'],
  ['4601 Reka Drive #APT 19', '4601||REKA|DR||APT|19|'],
  ['123 Main Street Apt. No. 5', '123||MAIN|ST||APT|5|'],
  ['123 Main St Apt', '123||MAIN|ST||APT||'],
  ['123 Main St 2nd Floor', '123||MAIN|ST||FL|2|'],
  ['219 South Dearborn Second Floor', '219|S|DEARBORN|||FL|2|'],
  ['2610 W 25th Pl Lower Level', '2610|W|25TH|PL||LOWR||'],
  ['45 Broadway Apt I-3', '45||BROADWAY|||APT|I-3|'],
  ['1 Main St PH3', '1||MAIN|ST||PH|3|'],
  ['Unit 111 501 South Mill St', '501|S|MILL|ST||UNIT|111|'],
  ['Suite 200 Building 17 7000 Peachtree Rd', '7000||PEACHTREE|RD||BLDG|17|STE 200'],
])('reads %p', (line, expected) => {
  expect(joined(line)).toBe(expected);
});

test.each([
  ['123 Main St 5B', '123||MAIN|ST||#|5B|'],
  ['123 Main St NW 5', '123||MAIN|ST|NW|#|5|'],
  ['123 Main St A', '123||MAIN|ST||#|A|'],
  ['212 W Washington, 1506', '212|W|WASHINGTON|||#|1506|'],
  ['203 N Wabash 608', '203|N|WABASH|||#|608|'],
  ['308 Elizabeth 1W', '308||ELIZABETH|||#|1W|'],
  ['123 Ave A', '123||AVENUE A|||||'],
  ['826 N Ave. b', '826|N|AVENUE B|||||'],
  ['8300 Highway 100', '8300||HIGHWAY 100|||||'],
  ['1413 State Highway #50', '1413||STATE HIGHWAY 50|||||'],
  ['1 Pier 39', '1||PIER 39|||||'],
  ['100 Front St', '100||FRONT|ST||||'],
  ['1729 W Front', '1729|W|FRONT|||||'],
  ['5 Lower Rd', '5||LOWER|RD||||'],
  ['100 Truck and Trailer Way', '100||TRUCK AND TRAILER|WAY||||'],
])('tells units from names in %p', (line, expected) => {
  expect(joined(line)).toBe(expected);
});

test('never throws, whatever the line', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (line) => parseStreetLine(line) !== undefined));
});
