/** Publication 28 appendix C2 with spellings seen in address files. Each line: abbreviation, number rule, spellings. */
const table = `
APT number APARTMENT APMT APPT APRT APTS APARTMENTS APTO
BSMT alone BASEMENT BSMNT BASMT
BLDG number BUILDING BLD BLDNG BUILD BDG BLG
DEPT number DEPARTMENT DPT
FL number FLOOR FLR FLOORS
FRNT alone FRONT
HNGR number HANGAR HANGER HGR
KEY number
LBBY alone LOBBY
LOT number LOTS LT
LOWR alone LOWER LWR
OFC alone OFFICE OFF
PH alone PENTHOUSE PNTHSE PTHSE
PIER number
REAR alone
RM number ROOM RMS ROOMS
SIDE alone
SLIP number
SPC number SPACE SPACES SP
STOP number
STE number SUITE SUITES SUIT SUTE STES
TRLR number TRAILER
UNIT number UNITS UNT
UPPR alone UPPER UPR
# number NO NUM NUMBER
`;

export interface UnitDesignatorRow {
  readonly abbreviation: string;
  /** Whether the designator means nothing without an identifier. */
  readonly needsNumber: boolean;
  readonly spellings: readonly string[];
}

export const unitDesignatorRows: readonly UnitDesignatorRow[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [abbreviation = '', rule, ...further] = line.split(' ');
    return { abbreviation, needsNumber: rule === 'number', spellings: [abbreviation, ...further] };
  });
