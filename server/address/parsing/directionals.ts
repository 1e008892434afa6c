/** Publication 28 section 233. Each line: word, abbreviation, further spellings. */
const table = `
NORTH N NO NTH
SOUTH S SO STH
EAST E
WEST W
NORTHEAST NE NEAST
NORTHWEST NW NWEST
SOUTHEAST SE SEAST
SOUTHWEST SW SWEST
`;

export interface DirectionalRow {
  readonly word: string;
  readonly abbreviation: string;
  readonly spellings: readonly string[];
}

export const directionalRows: readonly DirectionalRow[] = table
  .trim()
  .split('\n')
  .map((line) => {
    const [word = '', abbreviation = '', ...further] = line.split(' ');
    return { word, abbreviation, spellings: [word, abbreviation, ...further] };
  });
