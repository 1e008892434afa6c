/**
 * Numbered roads, Publication 28 appendix D3. Each line: standard form, then the spellings that mean it before a
 * number. Where the appendix leaves a choice (`SR` is a state road or a state route) one form is taken for both sides
 * of a comparison.
 */
const table = `
US HIGHWAY: US, US HIGHWAY, US HWY, U S HIGHWAY, U S HWY, U S, US ROUTE, US RTE, US RT, UNITED STATES HIGHWAY, HIGHWAY US
INTERSTATE: INTERSTATE, I, IH, INTERSTATE HIGHWAY, INTERSTATE HWY, I HWY
STATE HIGHWAY: STATE HIGHWAY, STATE HWY, ST HIGHWAY, ST HWY, SH, STATE HIWAY
STATE ROUTE: STATE ROUTE, STATE RTE, STATE RT, ST ROUTE, ST RTE, ST RT
STATE ROAD: STATE ROAD, STATE RD, ST ROAD, ST RD, SR
COUNTY HIGHWAY: COUNTY HIGHWAY, COUNTY HWY, CO HIGHWAY, CO HWY, CNTY HWY, CTY HWY, CTH, COUNTY TRUNK HIGHWAY, COUNTY TRUNK HWY, COUNTY TRUNK
COUNTY ROAD: COUNTY ROAD, COUNTY RD, COUNTRY ROAD, COUNTRY RD, CO ROAD, CO RD, CNTY RD, CNTY ROAD, CTY RD, CR
COUNTY ROUTE: COUNTY ROUTE, COUNTY RTE, COUNTY RT, CO ROUTE, CO RTE, CO RT
TOWNSHIP ROAD: TOWNSHIP ROAD, TOWNSHIP RD, TWP ROAD, TWP RD, TSR
FM: FM, F M, FM RD, FM ROAD, FARM TO MARKET, FARM TO MARKET RD, FARM TO MARKET ROAD, FARM RD, FARM ROAD
RANCH ROAD: RANCH ROAD, RANCH RD, RM, RM RD, RANCH TO MARKET RD, RANCH TO MARKET ROAD, RANCH TO MARKET, RR
FOREST ROAD: FOREST ROAD, FOREST RD, FOREST SERVICE ROAD, FOREST SERVICE RD
PRIVATE ROAD: PRIVATE ROAD, PRIVATE RD, PVT RD
HIGHWAY: HIGHWAY, HWY, HIGHWY, HIWAY, HIWY, HWAY
ROUTE: ROUTE, RTE, RT
ROAD: ROAD, RD
LOOP: LOOP
`;

const longestForm = 4;

const standardForms: ReadonlyMap<string, string> = new Map(
  table
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [standard = '', forms = ''] = line.split(': ');
      return forms.split(', ').map((form) => [form, standard] as const);
    }),
);

/** Words that can start a numbered road. */
export const highwayWords: ReadonlySet<string> = new Set(
  [...standardForms.keys()].map((form) => form.split(' ')[0] ?? ''),
);

/** Words after the number that belong to the road's name. */
export const highwayModifiers: ReadonlyMap<string, string> = new Map([
  ['BUSINESS', 'BUSINESS'],
  ['BUS', 'BUSINESS'],
  ['BYPASS', 'BYP'],
  ['BYP', 'BYP'],
  ['ALTERNATE', 'ALT'],
  ['ALT', 'ALT'],
  ['SPUR', 'SPUR'],
  ['TRUCK', 'TRUCK'],
]);

export interface HighwayForm {
  readonly standard: string;
  /** How many words the form takes. */
  readonly length: number;
}

/** The longest form that starts at `from`; `word(i)` is the i-th word, empty past the end. */
export function findHighwayForm(word: (index: number) => string, from: number): HighwayForm | undefined {
  let found: HighwayForm | undefined;
  let joined = '';
  for (let length = 1; length <= longestForm; length += 1) {
    const next = word(from + length - 1);
    if (next === '') break;
    joined = length === 1 ? next : `${joined} ${next}`;
    const standard = standardForms.get(joined);
    if (standard !== undefined) found = { standard, length };
  }
  return found;
}
