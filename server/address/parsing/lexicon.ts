import { directionalRows } from './directionals.ts';
import { highwayWords } from './highways.ts';
import { suffixRows } from './suffixes.ts';
import { unitDesignatorRows } from './unit-designators.ts';

/** What a word can be in an address; a word may have several roles. */
export const Role = {
  suffix: 1,
  directional: 2,
  /** Unit designator followed by an identifier. */
  unit: 4,
  /** Unit designator that may stand alone, such as `REAR`. */
  loneUnit: 8,
  /** First word of a numbered road, such as `COUNTY` or `HWY`. */
  highway: 16,
  /** `FIRST` … `NINETEENTH`, and `TWENTY` … `NINETY` as their first half. */
  ordinalWord: 32,
  /** `ONE` … `TWENTY`. */
  numberWord: 64,
  /** First word of a box, route, military or general delivery address, and `PMB`. */
  delivery: 128,
  /** Starts text that is no part of the address, such as `ATTN`. */
  mark: 256,
  /** May be glued to the number that follows, as in `APT5` or `HC72`. */
  glued: 512,
  /** As `delivery`, but too common a word to mean it behind a street. */
  opening: 1024,
  /** A suffix that is hardly ever a name: `N AVE` is a street named `N`, `N WELLS` one named `WELLS`. */
  commonSuffix: 2048,
  /** Before `FLOOR` or `LEVEL`: `GROUND`, `MAIN`. */
  floorWord: 4096,
} as const;

export interface Word {
  readonly roles: number;
  /** Standard suffix abbreviation, or empty. */
  readonly suffix: string;
  /** Primary name of the suffix, such as `STREET`, or empty. */
  readonly suffixName: string;
  /** Standard directional abbreviation, or empty. */
  readonly directional: string;
  /** Standard unit designator, or empty. */
  readonly unit: string;
  /** How the word is written inside a street name, or empty when as given. */
  readonly inName: string;
  /** Digits of a number word, or the ordinal of an ordinal word. */
  readonly numeral: string;
}

export const plainWord: Word = {
  roles: 0,
  suffix: '',
  suffixName: '',
  directional: '',
  unit: '',
  inName: '',
  numeral: '',
};

const numberWords = `ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN
  SEVENTEEN EIGHTEEN NINETEEN TWENTY`.split(/\s+/);
const ordinalWords = `FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH
  FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH`.split(/\s+/);
const tens = 'TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY'.split(' ');
const tenths = 'TWENTIETH THIRTIETH FORTIETH FIFTIETH SIXTIETH SEVENTIETH EIGHTIETH NINETIETH'.split(' ');
const deliveryWords = 'PO POB POBOX POST BOX BX DRAWER CALLER RR HC HCR PSC CMR GENERAL GEN PMB GD APARTADO P'.split(
  ' ',
);
const openingWords = 'R RURAL RFD RT RTE ROUTE RD STAR UNIT HIGHWAY LOCK LOCKBOX BIN FIRM H'.split(' ');
const gluedWords =
  'APT STE UNIT BLDG FL RM LOT LT SPC TRLR PH BSMT RR HC HCR PSC CMR BOX POBOX POB PMB HWY I US SR CR FM SUITE'.split(
    ' ',
  );
const markWords = 'ATTN ATTENTION C/O % CARE'.split(' ');

/** Suffix abbreviations that mean something else inside a name: `DR KING`, `LA JOLLA`, `VIA ROMA`, `CR 5`. */
const keptInName = new Set(
  'ST DR LA VIA IS UN PR CR BR CT PL LF DIV CEN CURV RAD VILL MSN EST RST TER PT RD BG DV DM'.split(' '),
);

const commonSuffixes = new Set(
  'ALY AVE BLVD CIR CRES CT DR EXPY FWY HWY LN LOOP PIKE PKWY PL PLZ RD ROW RTE SQ ST TER TPKE TRL WALK WAY'.split(' '),
);

/** Abbreviated first words of names (Publication 28 leaves them spelled out). */
const namePrefixes: Readonly<Record<string, string>> = {
  ST: 'SAINT',
  STE: 'SAINTE',
  MT: 'MOUNT',
  FT: 'FORT',
  PT: 'POINT',
  MLK: 'MARTIN LUTHER KING',
  INTL: 'INTERNATIONAL',
  NATL: 'NATIONAL',
  '&': 'AND',
};

function buildLexicon(): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  const add = (spelling: string, role: number, facts: Partial<Word> = {}) => {
    const known = words.get(spelling) ?? plainWord;
    words.set(spelling, { ...known, ...facts, roles: known.roles | role });
  };
  for (const row of suffixRows) {
    for (const spelling of row.spellings) {
      const inName = spelling === row.name || keptInName.has(spelling) ? '' : row.name;
      const role = commonSuffixes.has(row.abbreviation) ? Role.suffix | Role.commonSuffix : Role.suffix;
      add(spelling, role, { suffix: row.abbreviation, suffixName: row.name, inName });
    }
  }
  for (const row of directionalRows) {
    for (const spelling of row.spellings) add(spelling, Role.directional, { directional: row.abbreviation });
  }
  for (const row of unitDesignatorRows) {
    const role = row.needsNumber ? Role.unit : Role.unit | Role.loneUnit;
    for (const spelling of row.spellings) add(spelling, role, { unit: row.abbreviation });
  }
  for (const word of highwayWords) add(word, Role.highway);
  numberWords.forEach((word, index) => {
    add(word, Role.numberWord, { numeral: String(index + 1) });
  });
  for (const word of ['GROUND', 'MAIN', 'TOP', 'LOWER', 'UPPER']) add(word, Role.floorWord);
  ordinalWords.forEach((word, index) => {
    add(word, Role.ordinalWord, { numeral: toOrdinal(String(index + 1)) });
  });
  tens.forEach((word, index) => {
    add(word, Role.ordinalWord | Role.numberWord, { numeral: String(20 + 10 * index) });
  });
  tenths.forEach((word, index) => {
    add(word, Role.ordinalWord, { numeral: `${20 + 10 * index}TH` });
  });
  for (const word of deliveryWords) add(word, Role.delivery);
  for (const word of openingWords) add(word, Role.opening);
  for (const word of markWords) add(word, Role.mark);
  for (const word of gluedWords) add(word, Role.glued);
  for (const [word, inName] of Object.entries(namePrefixes)) add(word, 0, { inName });
  return words;
}

const lexicon = buildLexicon();

/** Roles of an upper-case word. */
export function findWord(text: string): Word {
  return lexicon.get(text) ?? plainWord;
}

/** `NE` → `NORTHEAST`; empty for anything else. */
export function spellDirectional(abbreviation: string): string {
  return directionalRows.find((row) => row.abbreviation === abbreviation)?.word ?? '';
}

/** `1` → `1ST`, `12` → `12TH`, `22` → `22ND`. */
export function toOrdinal(digits: string): string {
  const last = digits.charCodeAt(digits.length - 1) - 48;
  const teen = digits.length > 1 && digits.charCodeAt(digits.length - 2) === 49;
  if (teen || last === 0 || last > 3) return `${digits}TH`;
  return digits + (last === 1 ? 'ST' : last === 2 ? 'ND' : 'RD');
}
