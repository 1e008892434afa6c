import fc from 'fast-check';
import { canonicalJson } from '../../../server/configuration/canonical.ts';
import { listDifferences } from '../../../server/configuration/differences.ts';

test.each([
  [{ value: 1 }, { value: 1 }, []],
  [undefined, { value: 1 }, [{ field: 'value', to: 1 }]],
  [{ value: 1 }, undefined, [{ field: 'value', from: 1 }]],
  [
    { value: { a: 1, b: [1] } },
    { value: { a: 2, b: [1, 2] } },
    [
      { field: 'value.a', from: 1, to: 2 },
      { field: 'value.b', from: [1], to: [1, 2] },
    ],
  ],
  [{ value: 1, later: 1 }, { value: 1, later: 2 }, [{ field: 'later', hidden: true }]],
])('%j and %j differ by %j', (before, after, differences) => {
  expect(listDifferences('setting', before, after)).toEqual(differences);
});

test('two values differ by nothing exactly when they are one value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const [before, after] = [{ value: a }, { value: b }];
      const isSame = canonicalJson(before) === canonicalJson(after);
      // An empty object inside has no field that could differ.
      if (isSame) expect(listDifferences('setting', before, after)).toEqual([]);
      else if (!canonicalJson([a, b]).includes('{}')) expect(listDifferences('setting', before, after)).not.toEqual([]);
    }),
  );
});

test('no difference tells what is hidden', () => {
  const user = (passwordHash: string) => ({ email: 'a', passwordHash });
  expect(listDifferences('user', user('one'), user('two'))).toEqual([{ field: 'passwordHash', hidden: true }]);
  expect(JSON.stringify(listDifferences('user', undefined, user('two')))).not.toContain('two');
});
