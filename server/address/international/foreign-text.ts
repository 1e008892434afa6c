import { type Casing, recase } from '../formatting/casing.ts';

export interface ForeignTextSettings {
  readonly casing: Casing;
  /** Whether letters keep their diacritics (addressing reference 1.3, OutputMultinationalCharacters). */
  readonly keepsDiacritics: boolean;
}

/** Letters that do not fall apart into a base letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
};

/** Text of another country as it is returned. In mixed case a sender's own mixture of letters stays. */
export function writeForeignText(text: string, { casing, keepsDiacritics }: ForeignTextSettings): string {
  const joined = text.replace(/\s+/g, ' ').trim();
  const plain = keepsDiacritics ? joined : dropDiacritics(joined);
  if (casing === 'U') return plain.toUpperCase();
  const isMixed = plain !== plain.toUpperCase() && plain !== plain.toLowerCase();
  return isMixed ? plain : recase(plain, 'M');
}

function dropDiacritics(text: string): string {
  return text
    .replace(/[ßæÆœŒøØłŁđĐðþÞı]/g, (letter) => plainLetters[letter] ?? letter)
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin}\p{M}*)\p{M}/gu, '')
    .normalize('NFC');
}
