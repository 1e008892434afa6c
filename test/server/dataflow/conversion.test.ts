import fc from 'fast-check';
import { createTextFormatter, createTextParser } from '../../../server/dataflow/conversion.ts';
import type { FieldType, Value } from '../../../server/dataflow/values.ts';

test.each<[FieldType, string, Value | undefined]>([
  ['string', ' a ', ' a '],
  ['string', '', ''],
  ['boolean', 'TRUE', true],
  ['boolean', 'yes', undefined],
  ['integer', ' 42 ', 42],
  ['integer', '', null],
  ['integer', '2147483648', undefined],
  ['integer', '1.0', undefined],
  ['long', '9223372036854775807', 9_223_372_036_854_775_807n],
  ['long', '9223372036854775808', undefined],
  ['double', '-1.5e3', -1500],
  ['double', '1,5', undefined],
  ['float', '0.1', Math.fround(0.1)],
  ['bigdecimal', '+0012.500', '12.5'],
  ['bigdecimal', '1e-3', '0.001'],
  ['date', '2024-02-29', 19_782],
  ['date', '2023-02-29', undefined],
  ['time', '23:59:59', 86_399_000],
  ['time', '24:00:00', undefined],
  ['datetime', '1969-12-31T23:59:59', -1_000],
  ['geometry', '{"type":"Point","coordinates":[1,2]}', { type: 'Point', coordinates: [1, 2] }],
  ['geometry', '[1,2]', undefined],
])('%s: %j is read as %p', (type, text, value) => {
  expect(createTextParser(type)(text)).toEqual(value);
});

test.each([
  ['M/d/yy', '2/9/24', 19_762],
  ['dd.MM.yyyy', '09.02.2024', 19_762],
  ['d MMM yyyy', '9 Feb 2024', 19_762],
  ['MMMM d, yyyy', 'February 9, 2024', 19_762],
])('a date may be written as %s', (date, text, days) => {
  const formats = { date, time: 'h:mm a', datetime: 'yyyy' };
  expect(createTextParser('date', formats)(text)).toBe(days);
  expect(createTextFormatter('date', formats)(days)).toBe(text);
});

test('noon and midnight of a twelve-hour clock are told apart', () => {
  const formats = { date: 'yyyy', time: 'h:mm a', datetime: 'yyyy' };
  const parse = createTextParser('time', formats);
  expect(['12:00 AM', '12:00 pm', '1:30 PM', '13:00 PM'].map(parse)).toEqual([0, 43_200_000, 48_600_000, undefined]);
});

test('a pattern with an unknown letter is refused', () => {
  expect(() => createTextParser('date', { date: 'YYYY', time: 'H', datetime: 'H' })).toThrow('"YYYY" is no part of');
});

const values: Record<Exclude<FieldType, 'list' | 'geometry'>, fc.Arbitrary<Value>> = {
  string: fc.string(),
  boolean: fc.boolean(),
  integer: fc.integer(),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  float: fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  bigdecimal: fc.tuple(fc.bigInt(), fc.nat(9)).map(([digits, scale]) => {
    const text = String(digits)
      .replace('-', '')
      .padStart(scale + 1, '0');
    const point = text.length - scale;
    return createTextParser('bigdecimal')(
      `${digits < 0n ? '-' : ''}${text.slice(0, point)}.${text.slice(point)}`,
    ) as Value;
  }),
  date: fc.integer({ min: -700_000, max: 2_900_000 }),
  time: fc.integer({ min: 0, max: 86_399 }).map((seconds) => seconds * 1_000),
  datetime: fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }).map((seconds) => seconds * 1_000),
  bytearray: fc.uint8Array({ minLength: 1 }),
};

test.each(Object.entries(values))('%s: what is written is read back as the same value', (type, arbitrary) => {
  const [parse, format] = [createTextParser(type as FieldType), createTextFormatter(type as FieldType)];
  fc.assert(fc.property(arbitrary, (value) => expect(parse(format(value))).toEqual(value)));
});
