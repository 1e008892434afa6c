import fc from 'fast-check';
import { matchesGlob } from '../../../server/foundation/glob.ts';

test.each([
  ['a.csv', 'a.csv', true],
  ['a.csv', 'aXcsv', false],
  ['*.csv', 'a.csv', true],
  ['*.csv', '.csv', true],
  ['*.csv', 'a.csv.gz', false],
  ['b-?.csv', 'b-1.csv', true],
  ['b-?.csv', 'b-.csv', false],
  ['', '', true],
  ['*', '', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a[1]+(x)', 'a[1]+(x)', true],
])('%s and %s: %p', (pattern, name, isMatch) => {
  expect(matchesGlob(pattern, name)).toBe(isMatch);
});

test('it says what an expression says', () => {
  const text = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text('ab*?'), text('ab'), (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesGlob(pattern, name)).toBe(expression.test(name));
    }),
  );
});

test('a pattern of many stars is answered too', () => {
  expect(matchesGlob(`${'*a'.repeat(60)}b`, 'a'.repeat(255))).toBe(false);
});
