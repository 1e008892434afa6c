import fc from 'fast-check';
import { canonicalJson } from '../../../server/configuration/canonical.ts';
import type { ChangeRecord } from '../../../server/configuration/change.ts';
import { Fold, rememberedIds } from '../../../server/configuration/fold.ts';

const put = (revision: number, name: string, value: string, kind = 'setting'): ChangeRecord => ({
  revision,
  id: `id-${revision}`,
  operation: 'put',
  kind,
  name,
  value,
  by: 'tester',
  at: '2026-01-01T00:00:00.000Z',
});

test('keeps what it does not understand, byte for byte', () => {
  const text = '{"fromTheFuture":{"deep":[1,2.50]},"zeta":1}';
  const fold = Fold.empty(1).apply([put(1, 'x', text, 'kind-of-2031')]);
  expect(fold.findText('kind-of-2031', 'x')).toBe(text);
  expect(Fold.decode(fold.encode()).findText('kind-of-2031', 'x')).toBe(text);
});

test('is immutable: an older snapshot stays what it was', () => {
  const first = Fold.empty(1).apply([put(1, 'a', '1')]);
  first.apply([put(2, 'a', '2'), put(3, 'b', '3')]);
  expect(first.find('setting', 'a')?.value).toBe(1);
  expect(first.list('setting')).toHaveLength(1);
});

test('hands out values that nobody can change', () => {
  const value = Fold.empty(1)
    .apply([put(1, 'a', '{"list":[1]}')])
    .find<{ list: number[] }>('setting', 'a')?.value;
  expect(() => value?.list.push(2)).toThrow(TypeError);
});

test('refuses a change that does not follow', () => {
  expect(() => Fold.empty(1).apply([put(2, 'a', '1')])).toThrow(RangeError);
});

test('a seal names the region that writes on', () => {
  const seal: ChangeRecord = { ...put(1, 'home', '{"home":"eu-west-1"}'), operation: 'seal' };
  expect(Fold.empty(1).apply([seal]).home).toBe('eu-west-1');
});

test('remembers the latest ids only', () => {
  const changes = Array.from({ length: rememberedIds + 1 }, (_, index) => put(index + 1, 'a', '1'));
  const fold = Fold.empty(1).apply(changes);
  expect(fold.findRemembered('id-1')).toBeUndefined();
  expect(fold.findRemembered('id-2')).toMatchObject({ revision: 2 });
});

describe('any log', () => {
  const logs = fc
    .array(
      fc.record({
        kind: fc.constantFrom('user', 'role', 'unknown-kind'),
        name: fc.string({ unit: 'binary', maxLength: 4 }),
        value: fc.option(fc.jsonValue()),
      }),
      { maxLength: 40 },
    )
    .map((changes) =>
      changes.map(
        ({ kind, name, value }, index): ChangeRecord => ({
          ...put(index + 1, name, canonicalJson(value), kind),
          operation: value === null ? 'delete' : 'put',
        }),
      ),
    );

  test('folds the same one by one, in batches, and from a snapshot in between', () => {
    fc.assert(
      fc.property(logs, fc.nat(40), (changes, cut) => {
        const whole = Fold.empty(1).apply(changes);
        let step = Fold.empty(1);
        for (const change of changes) step = step.apply([change]);
        const half = Fold.decode(Fold.empty(1).apply(changes.slice(0, cut)).encode()).apply(changes.slice(cut));
        expect(step.encode()).toEqual(whole.encode());
        expect(half.encode()).toEqual(whole.encode());
      }),
    );
  });
});

test('canonical JSON is the same for every order of keys, and parses to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(canonicalJson({ b: 1, a: { d: 1, c: 2 } })).toBe('{"a":{"c":2,"d":1},"b":1}');
});
