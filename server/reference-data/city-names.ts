/**
 * Words that people and files spell in two ways (Publication 28 section 225 and the City State product's short names).
 * The keys of `places.bin` are made by this table: a change of it is a change of the format.
 */
const longForms: Readonly<Record<string, string>> = {
  AFB: 'AIR FORCE BASE',
  BCH: 'BEACH',
  CTR: 'CENTER',
  CY: 'CITY',
  FLS: 'FALLS',
  FT: 'FORT',
  GRV: 'GROVE',
  HBR: 'HARBOR',
  HGTS: 'HEIGHTS',
  HTS: 'HEIGHTS',
  JCT: 'JUNCTION',
  LK: 'LAKE',
  LKS: 'LAKES',
  MT: 'MOUNT',
  MTN: 'MOUNTAIN',
  PK: 'PARK',
  PT: 'POINT',
  PLS: 'PLAINS',
  SPG: 'SPRING',
  SPGS: 'SPRINGS',
  SQ: 'SQUARE',
  ST: 'SAINT',
  STE: 'SAINTE',
  TWP: 'TOWNSHIP',
  VLG: 'VILLAGE',
  VLY: 'VALLEY',
};

/** Only as the first word: `N HOLLYWOOD`, but not `WASHINGTON E`. */
const leadingForms: Readonly<Record<string, string>> = { E: 'EAST', N: 'NORTH', S: 'SOUTH', W: 'WEST' };

/** The form under which a city is stored and looked up: upper case, no punctuation, no accents, words spelt out. */
export function normalizeCity(name: string): string {
  const words = (isPlain.test(name) ? name : simplify(name)).split(' ');
  const [first = ''] = words;
  if (words.length > 1 && Object.hasOwn(leadingForms, first)) words[0] = leadingForms[first] ?? first;
  return words.map((word) => (Object.hasOwn(longForms, word) ? (longForms[word] ?? word) : word)).join(' ');
}

/** Most names come so already; the rest of the work would leave them as they are. */
const isPlain = /^[A-Z]+(?: [A-Z]+)*$/;

function simplify(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['’.]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
