import fc from 'fast-check';
import { countErrors } from '../../../../server/address/parsing/typing-errors.ts';

test.each([
  ['MAPLE', 'MAPLE', 0],
  ['MAPLE', 'MAPEL', 1],
  ['MAPLE', 'MAPL', 1],
  ['MAPLE', 'MMAPLE', 1],
  ['MAPLE', 'MARLE', 1],
  ['MAPLE', 'STAPLE', 2],
  ['MAPLE', 'OAK', 3],
])('%p and %p lie %p errors apart', (a, b, errors) => {
  expect(countErrors(a, b, 2)).toBe(errors);
});

test('agrees with the table of all prefixes', () => {
  const text = fc.stringMatching(/^[ABC]{0,7}$/);
  fc.assert(
    fc.property(text, text, fc.integer({ min: 0, max: 3 }), (a, b, limit) => {
      expect(countErrors(a, b, limit)).toBe(Math.min(limit + 1, measureByTable(a, b)));
    }),
  );
});

function measureByTable(a: string, b: string): number {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  const at = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        swapped ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      table[i]?.splice(j, 1, least);
    }
  }
  return at(a.length, b.length);
}
