/**
 * Typing errors between two texts: a letter added, lost, changed, or two neighbours swapped. Returns `limit` + 1 as
 * soon as there are more than `limit`; meant for limits up to four.
 */
export function countErrors(a: string, b: string, limit: number): number {
  if (a === b) return 0;
  let aEnd = a.length;
  let bEnd = b.length;
  if (aEnd - bEnd > limit || bEnd - aEnd > limit) return limit + 1;
  while (aEnd > 0 && bEnd > 0 && a.charCodeAt(aEnd - 1) === b.charCodeAt(bEnd - 1)) {
    aEnd -= 1;
    bEnd -= 1;
  }
  return countFrom(a, 0, aEnd, b, 0, bEnd, limit);
}

/** Goes along both texts to the first difference and tries what each kind of error would make of the rest. */
function countFrom(
  a: string,
  aFrom: number,
  aEnd: number,
  b: string,
  bFrom: number,
  bEnd: number,
  limit: number,
): number {
  let i = aFrom;
  let j = bFrom;
  while (i < aEnd && j < bEnd && a.charCodeAt(i) === b.charCodeAt(j)) {
    i += 1;
    j += 1;
  }
  const left = Math.max(aEnd - i, bEnd - j);
  if (i === aEnd || j === bEnd) return Math.min(left, limit + 1);
  if (limit === 0) return 1;
  let least = countFrom(a, i + 1, aEnd, b, j + 1, bEnd, limit - 1);
  if (isSwapped(a, i, aEnd, b, j, bEnd)) least = Math.min(least, countFrom(a, i + 2, aEnd, b, j + 2, bEnd, limit - 1));
  const shift = aEnd - i - (bEnd - j);
  if (shift > -limit) least = Math.min(least, countFrom(a, i + 1, aEnd, b, j, bEnd, limit - 1));
  if (shift < limit) least = Math.min(least, countFrom(a, i, aEnd, b, j + 1, bEnd, limit - 1));
  return least + 1;
}

function isSwapped(a: string, i: number, aEnd: number, b: string, j: number, bEnd: number): boolean {
  if (i + 1 >= aEnd || j + 1 >= bEnd) return false;
  return a.charCodeAt(i) === b.charCodeAt(j + 1) && a.charCodeAt(i + 1) === b.charCodeAt(j);
}
