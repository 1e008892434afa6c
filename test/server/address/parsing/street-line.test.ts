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

test.each([
  ['6910 # G Mary Caroline Circle', '6910||MARY CAROLINE|CIR||#|G|'],
  ['#42 233 S Wacker Dr', '233|S|WACKER|DR||#|42|'],
  ['41st Floor 1221 Ave of the Americas', '1221||AVENUE OF THE AMERICAS|||FL|41|'],
  ['1755 W Roscoe Apt 3rd Flr', '1755|W|ROSCOE|||FL|3|'],
  ['2900 Chamblee Tucker Rd, St 310', '2900||CHAMBLEE TUCKER|RD||STE|310|'],
  ['1160 Park Ave W 4 N', '1160||PARK|AVE|W|#|4N|'],
  ['1024 Randolph 1 N', '1024||RANDOLPH|||#|1N|'],
  ['4101 Winnfield Road, 106 D', '4101||WINNFIELD|RD||#|106D|'],
  ['4315 Webster Avenue LH', '4315||WEBSTER|AVE||#|LH|'],
  ['2400 Riverfront Drive Mailbox 2825', '2400||RIVERFRONT|DR||#|2825|'],
  ['7000 Peachtree Rd, B-17, Ste 200', '7000||PEACHTREE|RD||STE|200|# B-17'],
  ['1010 Pine, 9E-6-01', '1010||PINE|||#|9E-6-01|'],
  ['4004 Ocean Front Apt 410', '4004||OCEAN FRONT|||APT|410|'],
  ['1389 Country Road 42', '1389||COUNTY ROAD 42|||||'],
  ['3665 Anderson County Rd 312', '3665||ANDERSON COUNTY ROAD 312|||||'],
  ['3901 South State Steet', '3901|S|STATE|ST||||'],
  ['810 S W S Young Dr', '810|S|W S YOUNG|DR||||'],
  ['4940 South East End Avenue', '4940|S|EAST END|AVE||||'],
])('finds the unit or the whole name in %p', (line, expected) => {
  expect(joined(line)).toBe(expected);
});

test.each([
  ['48S 400E', '48|S|400||E|||'],
  ['6641 N 2200W', '6641|N|2200||W|||'],
  ['1234 County Hwy 60E', '1234||COUNTY HIGHWAY 60||E|||'],
  ['123 Main St 4E', '123||MAIN|ST||#|4E|'],
])('takes directions off the numbers of a grid in %p', (line, expected) => {
  expect(joined(line)).toBe(expected);
});

test.each([
  ['358 370 E 71st St', '358-370|E|71ST|ST||||'],
  ['728 C and N Smith Mill Rd', '728||C AND N SMITH MILL|RD||||'],
  ['1180 P de Leon Blvd', '1180||P DE LEON|BLVD||||'],
  ['4922 B South Cornell Ave', '4922B|S|CORNELL|AVE||||'],
])('tells the number from the name in %p', (line, expected) => {
  expect(joined(line)).toBe(expected);
});
