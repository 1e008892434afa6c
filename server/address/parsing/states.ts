/** Publication 28 appendix B. Each line: abbreviation, kind, name; further abbreviations in use after a slash. */
const table = `
AL state ALABAMA / ALA
AK state ALASKA / ALAS
AZ state ARIZONA / ARIZ
AR state ARKANSAS / ARK
CA state CALIFORNIA / CALIF CAL
CO state COLORADO / COLO
CT state CONNECTICUT / CONN
DE state DELAWARE / DEL
DC district DISTRICT OF COLUMBIA
FL state FLORIDA / FLA
GA state GEORGIA
HI state HAWAII
ID state IDAHO
IL state ILLINOIS / ILL
IN state INDIANA / IND
IA state IOWA
KS state KANSAS / KANS KAN
KY state KENTUCKY
LA state LOUISIANA
ME state MAINE
MD state MARYLAND
MA state MASSACHUSETTS / MASS
MI state MICHIGAN / MICH
MN state MINNESOTA / MINN
MS state MISSISSIPPI / MISS
MO state MISSOURI
MT state MONTANA / MONT
NE state NEBRASKA / NEBR NEB
NV state NEVADA / NEV
NH state NEW HAMPSHIRE
NJ state NEW JERSEY
NM state NEW MEXICO
NY state NEW YORK
NC state NORTH CAROLINA
ND state NORTH DAKOTA
OH state OHIO
OK state OKLAHOMA / OKLA
OR state OREGON / ORE OREG
PA state PENNSYLVANIA / PENN PENNA
RI state RHODE ISLAND
SC state SOUTH CAROLINA
SD state SOUTH DAKOTA
TN state TENNESSEE / TENN
TX state TEXAS / TEX
UT state UTAH
VT state VERMONT
VA state VIRGINIA
WA state WASHINGTON / WASH
WV state WEST VIRGINIA
WI state WISCONSIN / WISC WIS
WY state WYOMING / WYO
AS territory AMERICAN SAMOA
FM territory FEDERATED STATES OF MICRONESIA
GU territory GUAM
MH territory MARSHALL ISLANDS
MP territory NORTHERN MARIANA ISLANDS
PW territory PALAU
PR territory PUERTO RICO
VI territory VIRGIN ISLANDS
AA military ARMED FORCES AMERICAS
AE military ARMED FORCES EUROPE
AP military ARMED FORCES PACIFIC
`;

interface StateRow {
  readonly abbreviation: string;
  readonly kind: 'state' | 'district' | 'territory' | 'military';
  readonly name: string;
  readonly spellings: readonly string[];
}

const stateRows: readonly StateRow[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [main = '', further = ''] = line.split(' / ');
    const [abbreviation = '', kind = '', ...name] = main.split(' ');
    const spellings = [abbreviation, name.join(' '), ...further.split(' ')].filter((spelling) => spelling !== '');
    return { abbreviation, kind: kind as StateRow['kind'], name: name.join(' '), spellings };
  });

const bySpelling: ReadonlyMap<string, string> = new Map(
  stateRows.flatMap((row) => row.spellings.map((spelling) => [spelling, row.abbreviation] as const)),
);

/** The two letters of a state, district, territory or armed-forces area named in upper case, or undefined. */
export function findState(spelling: string): string | undefined {
  return bySpelling.get(spelling);
}
