/** State FIPS codes (ANSI INCITS 38) of states, the District of Columbia and territories. */
const table = `
AL 01 AK 02 AZ 04 AR 05 CA 06 CO 08 CT 09 DE 10 DC 11 FL 12 GA 13 HI 15 ID 16 IL 17 IN 18 IA 19 KS 20 KY 21 LA 22 ME 23
MD 24 MA 25 MI 26 MN 27 MS 28 MO 29 MT 30 NE 31 NV 32 NH 33 NJ 34 NM 35 NY 36 NC 37 ND 38 OH 39 OK 40 OR 41 PA 42 RI 44
SC 45 SD 46 TN 47 TX 48 UT 49 VT 50 VA 51 WA 53 WV 54 WI 55 WY 56 AS 60 FM 64 GU 66 MH 68 MP 69 PW 70 PR 72 VI 78
`;

const fipsByState: ReadonlyMap<string, string> = new Map(
  [...table.matchAll(/([A-Z]{2}) (\d\d)/g)].map(([, state = '', fips = '']) => [state, fips]),
);

/** Two digits, or undefined for the armed forces. */
export function findStateFips(stateProvince: string): string | undefined {
  return fipsByState.get(stateProvince);
}

/** Areas known by the first ZIP Code digits alone (USPS Publication 65): armed forces and territories. */
const prefixes: readonly (readonly [first: string, last: string, stateProvince: string])[] = [
  ['00600', '00799', 'PR'],
  ['00800', '00899', 'VI'],
  ['00900', '00999', 'PR'],
  ['09000', '09899', 'AE'],
  ['34000', '34099', 'AA'],
  ['96200', '96699', 'AP'],
  ['96799', '96799', 'AS'],
  ['96910', '96932', 'GU'],
  ['96939', '96940', 'PW'],
  ['96941', '96944', 'FM'],
  ['96950', '96952', 'MP'],
  ['96960', '96970', 'MH'],
];

export function findStateOfPrefix(code: string): string | undefined {
  return prefixes.find(([first, last]) => code >= first && code <= last)?.[2];
}

const armedForces = new Set(['AA', 'AE', 'AP']);

export function isArmedForces(stateProvince: string): boolean {
  return armedForces.has(stateProvince);
}
