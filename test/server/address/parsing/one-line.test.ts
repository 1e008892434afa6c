import fc from 'fast-check';
import { splitOneLine } from '../../../../server/address/parsing/one-line.ts';
import { anyText } from '../../../support/any-text.ts';

const cities = new Set(
  `CHICAGO|IL ATLANTA|GA WEST PALM BEACH|FL PALM BEACH|FL NASHVILLE|TN GRANADA|CO THOMAS|WV NORTH LITTLE ROCK|AR
  GRAND RAPIDS|MI HAZEL CREST|IL NEW YORK|NY SAN JOSE|CA`
    .split(/(?<=\|[A-Z]{2})\s+/)
    .flatMap((city) => [city, city.replace(/\|..$/, '|')]),
);
const isCity = (city: string, state: string) => cities.has(`${city}|${state}`);

function split(line: string): string {
  const { addressLine, lastLine } = splitOneLine(line, isCity);
  return `${addressLine} / ${[lastLine.city, lastLine.stateProvince, lastLine.postalCode].join('|')}`;
}

test.each([
  ['233 S Wacker Dr, Chicago, IL 60606', '233 S Wacker Dr / CHICAGO|IL|60606'],
  ['233 S Wacker Dr Chicago IL 60606', '233 S Wacker Dr / CHICAGO|IL|60606'],
  ['233 S Wacker Dr Chicago', '233 S Wacker Dr / CHICAGO||'],
  ['218 Datura St 3rd Fl West Palm Beach FL 33402', '218 Datura St 3rd Fl / WEST PALM BEACH|FL|33402'],
  ['3321 John Blvd Ste # D North Little Rock AR', '3321 John Blvd Ste # D / NORTH LITTLE ROCK|AR|'],
  ['220 French Lnding Drive Second Floor Nashville', '220 French Lnding Drive Second Floor / NASHVILLE||'],
])('splits %p', (line, expected) => {
  expect(split(line)).toBe(expected);
});

test.each([
  ['558 E Castle Pkwy # 173 Unheard Of CO 80108', '558 E Castle Pkwy # 173 / UNHEARD OF|CO|80108'],
  ['1 Marina Dr Apt C312 Unheard CA 90292', '1 Marina Dr Apt C312 / UNHEARD|CA|90292'],
  ['197 State Route 690 Unheard Township, PA 18444', '197 State Route 690 / UNHEARD TOWNSHIP|PA|18444'],
  ['2 Kane Concourse Floor 5 Unheard Harbor FL 33154', '2 Kane Concourse Floor 5 / UNHEARD HARBOR|FL|33154'],
  ['8725 NW 18th Ter Ste 106 Unheard FL', '8725 NW 18th Ter Ste 106 / UNHEARD|FL|'],
])('an unknown city begins behind the street and its units in %p', (line, expected) => {
  expect(split(line)).toBe(expected);
});

test.each([
  ['2300 Boulevard Granada', '2300 Boulevard Granada / ||'],
  ['602 St Thomas', '602 St Thomas / ||'],
  ['1750 Tysons Blvd Fourth Fl', '1750 Tysons Blvd Fourth Fl / ||'],
  ['42 Cedar Crest Ct', '42 Cedar Crest Ct / ||'],
  ['1112 So. Washington', '1112 So. Washington / ||'],
  ['171 Auburn Ave 303 GA', '171 Auburn Ave 303 / |GA|'],
  ['260 5th Av New York', '260 5th Av / NEW YORK||'],
])('tells streets from cities and states in %p', (line, expected) => {
  expect(split(line)).toBe(expected);
});

test.each([
  ['75 Bolton Rd, NW Atlanta GA', '75 Bolton Rd, NW / ATLANTA|GA|'],
  ['1 First St, E San Jose CA', '1 First St / E SAN JOSE|CA|'],
  ['2108 Wealthy St SE E Grand Rapids, MI 49506', '2108 Wealthy St SE / E GRAND RAPIDS|MI|49506'],
  ['1120 W 175th St East Hazel Crest IL 60429', '1120 W 175th St / EAST HAZEL CREST|IL|60429'],
])('gives a direction to street or city in %p', (line, expected) => {
  expect(split(line)).toBe(expected);
});

test('any text is split without loss of its front', () => {
  fc.assert(
    fc.property(anyText, (line) => {
      expect(line.startsWith(splitOneLine(line, isCity).addressLine)).toBe(true);
    }),
  );
});
