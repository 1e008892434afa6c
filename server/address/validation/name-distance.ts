/** How far two names may lie apart, in typing errors, by strictness and length of the shorter one. */
const limits: Readonly<Record<Strictness, readonly (readonly [length: number, errors: number])[]>> = {
  E: [],
  T: [[6, 1]],
  M: [
    [8, 2],
    [4, 1],
  ],
  L: [
    [10, 3],
    [6, 2],
    [4, 1],
  ],
};

/** Exact, tight, medium, loose (addressing reference 1.3). */
export type Strictness = 'E' | 'T' | 'M' | 'L';

export function maximumErrors(strictness: Strictness, length: number): number {
  for (const [from, errors] of limits[strictness]) if (length >= from) return errors;
  return 0;
}

const soundGroups = '01230120022455012623010202';

/** Soundex without its length limit: names that sound alike have the same key. */
export function soundKey(name: string): string {
  let key = name.charAt(0);
  let before = groupOf(name.charCodeAt(0));
  for (let at = 1; at < name.length; at += 1) {
    const code = name.charCodeAt(at);
    const group = groupOf(code);
    if (group !== '0' && group !== before) key += group;
    // H and W do not part letters of one group.
    if (code !== 72 && code !== 87) before = group;
  }
  return key;
}

function groupOf(code: number): string {
  return code >= 65 && code <= 90 ? soundGroups.charAt(code - 65) : '0';
}
