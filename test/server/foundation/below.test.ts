import { join } from 'node:path';
import fc from 'fast-check';
import { isBelow } from '../../../server/foundation/below.ts';

test.each([
  ['/jobs', '/jobs/in/a.csv', true],
  ['/jobs', '/jobs/..a', true],
  ['/jobs', '/jobs/...', true],
  ['/', '/etc', true],
  ['/jobs', '/jobs', false],
  ['/jobs/', '/jobs', false],
  ['/jobs', '/jobs2/a.csv', false],
  ['/jobs', '/', false],
  ['/jobs', '/jobs/../etc', false],
])('below %s: %s is %s', (folder, path, expected) => {
  expect(isBelow(folder, path)).toBe(expected);
});

test('names below a folder are below it, and its own path and those above are not', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !text.includes('/') && text !== '.' && text !== '..');
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), fc.array(name, { minLength: 1 }), (folder, rest) => {
      const root = join('/', ...folder);
      expect(isBelow(root, join(root, ...rest))).toBe(true);
      expect([root, join(root, '..')].map((path) => isBelow(root, path))).toEqual([false, false]);
    }),
  );
});
