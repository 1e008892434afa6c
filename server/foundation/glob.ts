/**
 * Whether a name has the shape of a pattern, in which `*` stands for any characters and `?` for one. Takes at most as many
 * steps as both lengths multiplied, whatever the pattern; an expression with many stars could take years.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, place] = [0, 0];
  let [star, resumed] = [-1, 0];
  while (place < name.length) {
    if (pattern[at] === '*') {
      [star, resumed] = [at++, place];
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resumed;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
