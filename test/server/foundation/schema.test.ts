import fc from 'fast-check';
import { kinds } from '../../../server/configuration/kinds.ts';
import {
  choice,
  flag,
  integer,
  list,
  map,
  optional,
  preset,
  record,
  required,
  text,
} from '../../../server/foundation/fields.ts';
import { checkValue } from '../../../server/foundation/schema.ts';

const entry = record('An entry', { number: required(integer('Key', 1, 99)), word: preset(text('Word'), '') });
const schema = record('A value', {
  kind: required(choice('Kind', ['a', 'b'])),
  on: preset(flag('Whether'), true),
  entries: preset(list('Entries', entry, 20, 'number'), []),
  names: preset(map('Names', text('Name'), 10), {}),
  note: optional(text('Note', { maximum: 5 })),
});

test('an entry of a list keeps what a newer version added, wherever it goes', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 8 });
  fc.assert(
    fc.property(numbers, fc.func(fc.boolean()), fc.integer(), (all, stays, shift) => {
      const current = { kind: 'a', entries: all.map((number) => ({ number, word: '', later: { deep: [number] } })) };
      const kept = all.filter((number) => stays(number));
      const moved = [
        ...kept.slice(Math.abs(shift) % (kept.length + 1)),
        ...kept.slice(0, Math.abs(shift) % (kept.length + 1)),
      ];
      const { value, issues } = checkValue(
        schema,
        { kind: 'b', entries: moved.map((number) => ({ number })) },
        current,
        '',
      );
      expect(issues).toEqual([]);
      expect(value).toMatchObject({ entries: moved.map((number) => ({ number, later: { deep: [number] } })) });
    }),
  );
});

test('whatever stands already may be sent back, and nothing is lost by it', () => {
  const later = fc.record({
    kind: fc.constantFrom('a', 'b', 'later'),
    on: fc.boolean(),
    names: fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 }),
    note: fc.string({ maxLength: 50 }),
    added: fc.jsonValue(),
  });
  fc.assert(
    fc.property(later, (current) => {
      const sent = { kind: current.kind, on: current.on, names: current.names, note: current.note };
      const { value, issues } = checkValue(schema, sent, current, '');
      expect(issues).toEqual([]);
      expect(value).toEqual({ ...current, entries: [] });
    }),
  );
});

test('whatever is sent, an answer names the field and what is allowed, or the value is complete', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(kinds)), fc.jsonValue(), (kind, sent) => {
      const { value, issues } = checkValue(kind.schema, sent, undefined, '');
      for (const { path, problem, allowed } of issues) {
        expect(typeof path).toBe('string');
        expect(problem).not.toContain('undefined');
        expect(allowed).not.toBe('');
      }
      if (issues.length === 0) expect(checkValue(kind.schema, value, undefined, '').issues).toEqual([]);
    }),
  );
});

test.each([
  [{ kind: 'c' }, { path: 'kind', given: '"c"', problem: '"c" is not allowed; use a or b', allowed: 'a or b' }],
  [{}, { path: 'kind', problem: 'is missing; send a or b', allowed: 'a or b' }],
  [
    { kind: 'a', entries: [{ number: 1 }, { number: 0 }] },
    {
      path: 'entries[1].number',
      given: '0',
      problem: '0 is not allowed; use a whole number from 1 to 99',
      allowed: 'a whole number from 1 to 99',
    },
  ],
  [
    { kind: 'a', note: 'longer' },
    { path: 'note', problem: 'has 6 characters; allowed are 0 to 5', allowed: 'text of 0 to 5 characters' },
  ],
  [
    { kind: 'a', no: 1 },
    {
      path: 'no',
      problem: 'is unknown; use kind, on, entries, names or note',
      allowed: 'kind, on, entries, names or note',
    },
  ],
])('%j is refused with its field, its value and what is allowed', (value, issue) => {
  expect(checkValue(schema, value, undefined, '').issues).toEqual([issue]);
});
