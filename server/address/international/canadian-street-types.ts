/**
 * Street types of Canada Post, `-` where a language has none. Each line: English symbol, French symbol, English spellings,
 * French spellings after a slash.
 */
const table = `
ST RUE STREET STR / R
AVE AV AVENUE AVEN / AVENUE
BLVD BOUL BOULEVARD BOULV / BOULEVARD BD BLVD
RD CH ROAD / CHEMIN CHEM
DR PROM DRIVE DRV / PROMENADE
CRES CROIS CRESCENT CRESC CR / CROISSANT
CRT COUR COURT CT /
PL PLACE PLACE / PLACE PL
SQ CAR SQUARE / CARRE
TERR TSSE TERRACE TER / TERRASSE
HWY AUT HIGHWAY / AUTOROUTE
LANE RLE LN / RUELLE
CIR CERCLE CIRCLE / CERC
WAY VOIE WY /
PK PARC PARK /
PATH SENT PATHWAY / SENTIER
RTE RTE ROUTE RT / ROUTE
QUAY QUAI /
HILL COTE /
- RANG / RG
- MONTEE / MONT
- IMP / IMPASSE
- ALLEE /
- PASS / PASSAGE
- ILE /
BAY - /
BEND - /
CLOSE - CL /
COMMON - COMMONS /
CONC - CONCESSION CON /
COVE - /
CROSS - CROSSING /
ESPL - ESPLANADE /
EXPY - EXPRESSWAY /
GATE - /
GDNS - GARDENS GARDEN /
GREEN - /
GROVE - GRV /
HARBR - HARBOUR HARBOR /
HTS - HEIGHTS /
LANDNG - LANDING /
LINE - /
LINK - /
MANOR - /
MEWS - /
PKY - PARKWAY PKWY /
PT - POINT /
RIDGE - /
RISE - /
RUN - /
SIDERD - SIDEROAD /
TRAIL - TRL /
VALE - /
VIEW - /
VILLGE - VILLAGE /
WALK - /`;

export type Language = 'E' | 'F';

/** A street type in both languages; empty where a language has none. */
export interface StreetType {
  readonly english: string;
  readonly french: string;
}

const english = new Map<string, StreetType>();
const french = new Map<string, StreetType>();
for (const line of table.trim().split('\n')) {
  const [first = '', second = ''] = line.split(' /');
  const [en = '', fr = '', ...spellings] = first.split(' ');
  const type = { english: en === '-' ? '' : en, french: fr === '-' ? '' : fr };
  for (const word of [type.english, ...spellings]) if (word !== '') english.set(word, type);
  for (const word of [type.french, ...second.split(' ')]) if (word !== '') french.set(word, type);
}

/** A word as the type behind an English street name. @param word upper case, without accents */
export function findEnglishType(word: string): StreetType | undefined {
  return english.get(word);
}

/** A word as the type in front of a French street name. @param word upper case, without accents */
export function findFrenchType(word: string): StreetType | undefined {
  return french.get(word);
}

const directions: readonly (readonly [english: string, french: string, ...spellings: string[]])[] = [
  ['N', 'N', 'NORTH', 'NORD'],
  ['S', 'S', 'SOUTH', 'SUD'],
  ['E', 'E', 'EAST', 'EST'],
  ['W', 'O', 'WEST', 'OUEST'],
  ['NE', 'NE', 'NORTHEAST', 'NORD-EST'],
  ['NW', 'NO', 'NORTHWEST', 'NORD-OUEST'],
  ['SE', 'SE', 'SOUTHEAST', 'SUD-EST'],
  ['SW', 'SO', 'SOUTHWEST', 'SUD-OUEST'],
];

/** The symbol of a direction in the wanted language, or undefined when the word is none. */
export function findDirection(word: string, language: Language): string | undefined {
  const row = directions.find((spellings) => spellings.includes(word));
  return row === undefined ? undefined : row[language === 'E' ? 0 : 1];
}
