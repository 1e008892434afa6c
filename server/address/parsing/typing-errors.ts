/**
 * Typing errors between two texts: a letter added, lost, changed, or two neighbours swapped. Returns `limit` + 1 as
 * soon as there are more than `limit`.
 */
export function countErrors(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let start = 0;
  const shorter = Math.min(a.length, b.length);
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start += 1;
  let tail = 0;
  while (tail < shorter - start && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail)) tail += 1;
  return measure(a.slice(start, a.length - tail), b.slice(start, b.length - tail), limit);
}

function measure(a: string, b: string, limit: number): number {
  const width = b.length + 1;
  if (a.length === 0 || b.length === 0) return Math.min(limit + 1, Math.max(a.length, b.length));
  let beforeLast: number[] = [];
  let last = Array.from({ length: width }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = new Array<number>(width);
    row[0] = i;
    let least = i;
    for (let j = 1; j < width; j += 1) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let errors = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) errors = Math.min(errors, (beforeLast[j - 2] ?? 0) + 1);
      row[j] = errors;
      if (errors < least) least = errors;
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return Math.min(limit + 1, last[width - 1] ?? 0);
}
