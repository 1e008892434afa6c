/** `M` mixed, `U` upper (addressing reference 1.3). */
export type Casing = 'M' | 'U';

/** Short words that stay upper case in mixed case. */
const upperWords = new Set(
  'NE NW SE SW PO RR HC HCR PSC CMR PMB US FM RM II III IV VI VII VIII APO FPO DPO AA AE AP MLK JFK USA USS'.split(' '),
);

/** `MAIN` → `Main`, `1ST` → `1st`, `MCDONALD` → `McDonald`, `O'BRIEN` → `O'Brien`, `NW` stays; takes upper case. */
function toMixedCase(text: string): string {
  if (!text.includes(' ')) return mixWord(text);
  let mixed = '';
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && text.charCodeAt(at) !== 32) continue;
    if (at > from) mixed = mixed === '' ? mixWord(text.slice(from, at)) : `${mixed} ${mixWord(text.slice(from, at))}`;
    from = at + 1;
  }
  return mixed;
}

/** Upper-case text in the wanted casing. */
export function applyCasing(text: string, casing: Casing): string {
  return casing === 'U' || text === '' ? text : toMixedCase(text);
}

/**
 * As `applyCasing`, for names out of a database or a table: there are few, and the same strings come again and again.
 */
export function applyCasingToName(name: string, casing: Casing): string {
  if (casing === 'U' || name === '') return name;
  return mixedWords.get(name) ?? rememberMixed(name, toMixedCase(name));
}

/** Text as a caller wrote it in the wanted casing, such as `c/o John Smith` → `C/O John Smith`. */
export function recase(text: string, casing: Casing): string {
  const upper = text.toUpperCase();
  return casing === 'U' ? upper : toMixedCase(upper);
}

/** Words and names seen lately in mixed case. Addresses share their words, and this changes no answer, only its price. */
const mixedWords = new Map<string, string>();
const rememberedWords = 20_000;

function mixWord(word: string): string {
  // Numbers are many and cheap.
  if (word.charCodeAt(0) <= 57) return mixNewWord(word);
  const known = mixedWords.get(word);
  if (known !== undefined) return known;
  return rememberMixed(word, mixNewWord(word));
}

function rememberMixed(text: string, mixed: string): string {
  if (mixedWords.size >= rememberedWords) mixedWords.clear();
  mixedWords.set(text, mixed);
  return mixed;
}

function mixNewWord(word: string): string {
  const { length } = word;
  if (length < 2) return word;
  if (length < 5 && upperWords.has(word)) return word;
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return isOrdinal(word) ? word.toLowerCase() : word;
  if (hasDigit(word)) return word;
  const mixed = word.charAt(0) + word.slice(1).toLowerCase();
  if (length > 4 && word.startsWith('MC')) return `Mc${word.charAt(2)}${mixed.slice(3)}`;
  return hasInnerMark(word) ? raiseParts(mixed) : mixed;
}

function isOrdinal(word: string): boolean {
  const tail = word.slice(-2);
  return tail === 'TH' || tail === 'ST' || tail === 'ND' || tail === 'RD';
}

function hasDigit(word: string): boolean {
  for (let at = 1; at < word.length; at += 1) {
    const code = word.charCodeAt(at);
    if (code >= 48 && code <= 57) return true;
  }
  return false;
}

function hasInnerMark(word: string): boolean {
  for (let at = 1; at < word.length - 1; at += 1) {
    const code = word.charCodeAt(at);
    if (code === 39 || code === 45 || code === 47) return true;
  }
  return false;
}

/** `Wilkes-barre` → `Wilkes-Barre`, `C/o` → `C/O`, `O'brien` → `O'Brien`; a lone letter after an apostrophe stays. */
function raiseParts(mixed: string): string {
  return mixed.replace(/([-/])(\p{L})|(')(\p{L})(?=\p{L})/gu, (part) => part.toUpperCase());
}
