/** The name with the fewest typing errors against `given`, letter case ignored; undefined when none is near enough. */
export function findClosestName(given: string, names: readonly string[]): string | undefined {
  const wanted = given.slice(0, 64).toLowerCase();
  const tolerated = Math.max(2, Math.floor(wanted.length / 2));
  let best: { name: string; errors: number } | undefined;
  for (const name of names) {
    const errors = countTypingErrors(wanted, name.toLowerCase());
    if (errors <= tolerated && (best === undefined || errors < best.errors)) best = { name, errors };
  }
  return best?.name;
}

/** Levenshtein distance, one row of the table at a time. */
function countTypingErrors(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const current = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
