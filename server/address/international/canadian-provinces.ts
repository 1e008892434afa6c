/** Each line: abbreviation, first letters of its postal codes, names and further abbreviations (Canada Post). */
const table = `
AB T ALBERTA / ALTA
BC V BRITISH COLUMBIA / COLOMBIE BRITANNIQUE / C B
MB R MANITOBA / MAN
NB E NEW BRUNSWICK / NOUVEAU BRUNSWICK / N B
NL A NEWFOUNDLAND AND LABRADOR / NEWFOUNDLAND / TERRE NEUVE ET LABRADOR / TERRE NEUVE / NF / NFLD / T N
NS B NOVA SCOTIA / NOUVELLE ECOSSE / N S
NT X NORTHWEST TERRITORIES / TERRITOIRES DU NORD OUEST / NWT / T N O
NU X NUNAVUT
ON KLMNP ONTARIO / ONT
PE C PRINCE EDWARD ISLAND / ILE DU PRINCE EDOUARD / PEI / P E I / I P E
QC GHJ QUEBEC / QUE / PQ / P Q
SK S SASKATCHEWAN / SASK
YT Y YUKON / YUKON TERRITORY / TERRITOIRE DU YUKON / YK`;

interface ProvinceRow {
  readonly abbreviation: string;
  readonly letters: string;
  readonly names: readonly string[];
}

const rows: readonly ProvinceRow[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [abbreviation = '', letters = '', ...names] = line.split(' ');
    return { abbreviation, letters, names: [abbreviation, ...names.join(' ').split(' / ')] };
  });

const byName = new Map(rows.flatMap(({ abbreviation, names }) => names.map((name) => [name, abbreviation] as const)));

/** The two letters of a province or territory given in English or French, or undefined. */
export function findProvince(text: string): string | undefined {
  const name = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z]+/g, ' ')
    .trim();
  return byName.get(name);
}

/** Codes of federal offices on both banks of the Ottawa River. */
const federalArea = 'K1A';

/** The provinces in which a postal code may lie, by its first letter; two for `X` and for federal offices. */
export function listProvincesOfCode(code: string): readonly string[] {
  if (code.startsWith(federalArea)) return ['ON', 'QC'];
  return rows.filter(({ letters }) => letters.includes(code.charAt(0))).map(({ abbreviation }) => abbreviation);
}
