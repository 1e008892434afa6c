import { parseLastLine } from '../../../../server/address/index.ts';

test.each([
  ['Washington, D.C. 20020', 'WASHINGTON|DC|20020|'],
  ['Des Moines IA 50309-1234', 'DES MOINES|IA|50309|1234'],
  ['New York New York 10001', 'NEW YORK|NY|10001|'],
  ['Salt Lake City, Utah', 'SALT LAKE CITY|UT||'],
  ['CHARLESTON, WEST VIRGINIA 25301 - 1234', 'CHARLESTON|WV|25301|1234'],
  ['Chesterfield Twp MI48051', 'CHESTERFIELD TWP|MI|48051|'],
  ['Miami FL 331011234', 'MIAMI|FL|33101|1234'],
  ['Boston MA 2116', 'BOSTON|MA|02116|'],
  ['Dallas TX 2116', 'DALLAS TX 2116|||'],
  ['Boston, MA 02116 USA', 'BOSTON|MA|02116|'],
  ['APO AE 09012', 'APO|AE|09012|'],
  ['District of Columbia', '|DC||'],
  ['10001', '||10001|'],
  ['Kansas City', 'KANSAS CITY|||'],
  ['St. Louis, MO', 'ST LOUIS|MO||'],
  ['', '|||'],
])('splits %p', (text, expected) => {
  expect(Object.values(parseLastLine(text)).join('|')).toBe(expected);
});
