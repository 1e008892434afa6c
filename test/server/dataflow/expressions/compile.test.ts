import fc from 'fast-check';
import { compileCondition, compileExpression } from '../../../../server/dataflow/expressions/compile.ts';
import { Layout } from '../../../../server/dataflow/layout.ts';
import type { Row, Value } from '../../../../server/dataflow/values.ts';

const layout = new Layout([
  { name: 'City', type: 'string' },
  { name: 'Confidence', type: 'integer' },
  { name: 'Status.Code', type: 'string' },
  { name: 'Balance', type: 'bigdecimal' },
  { name: 'Id', type: 'long' },
  { name: 'Born', type: 'date' },
  { name: 'Ratio', type: 'double' },
  { name: 'Lines', type: 'list', fields: [] },
]);
const row: Row = ['Washington', 87, null, '0.10', 9_007_199_254_740_993n, 19_782, 0.5, []];

function evaluate(text: string): Value {
  return compileExpression(text, layout).evaluate(row);
}

test.each<[string, Value]>([
  ["data['City'] == 'Washington'", true],
  ["return isBlank(data['Status.Code']);", true],
  ['City', 'Washington'],
  ["data.get('City').toUpperCase()", 'WASHINGTON'],
  ["City.equals('Boston')", false],
  ["Confidence >= '80'", true],
  ["'87' == Confidence", true],
  ['Confidence + 1', 88],
  ['Confidence / 0', null],
  ['Confidence % 10 == 7', true],
  ['-Ratio', -0.5],
  ['Balance + 0.2', '0.3'],
  ['Balance * 3 == 0.3', true],
  ['Balance / 0', null],
  ['Id + 1', 9_007_199_254_740_994n],
  ['Id * Id * Id * Id', null],
  ['Id > Confidence', true],
  ["Born == '2024-02-29'", true],
  ["Born < '2024-03-01' && year(Born) == 2024", true],
  ["formatDate(addDays(Born, 1), 'M/d/yyyy')", '3/1/2024'],
  ["daysBetween(Born, date('2024-03-10'))", 10],
  ["City + ', ' + Confidence", 'Washington, 87'],
  ["data['Status.Code'] + 'x'", 'x'],
  ["data['Status.Code'] == null", true],
  ["data['Status.Code'] < 'a'", false],
  ["!(data['Status.Code'] == 'a')", true],
  ["Confidence > 90 ? 'good' : Confidence > 50 ? 'fair' : 'poor'", 'fair'],
  ["ifNull(data['Status.Code'], 'none')", 'none'],
  ["matches(City, '[A-Z][a-z]+')", true],
  ["replaceAll(City, '[aeiou]', '')", 'Wshngtn'],
  ["replace(City, 'ton', '$&')", 'Washing$&'],
  ['substring(City, 0, 4) + right(City, 3)', 'Washton'],
  ["capitalize('O\\'NEIL STREET')", "O'neil Street"],
  ["padLeft(Confidence, 5, '0')", '00087'],
  ["number('abc')", null],
  ["integer('12') + integer(City)", null],
  ['round(2.345, 2)', 2.35],
  ['max(1, Confidence, Ratio)', 87],
  ['sqrt(0 - 1)', null],
  ["concat(City, data['Status.Code'], 1)", 'Washington1'],
])('%s gives %p', (text, value) => {
  expect(evaluate(text)).toEqual(value);
});

test.each([
  ['Citty', 'there is no field Citty; did you mean City? (in Citty)'],
  ["data['Cit']", "there is no field Cit; did you mean City? (in data['Cit'])"],
  ['Lines', 'the field Lines is a list, which expressions cannot read (in Lines)'],
  ['City * 2', '* needs numbers, not a string; use number(…) around it (in City * 2)'],
  [
    'City == Confidence',
    'a string cannot be compared with a integer; convert one of them, such as with number(…) (in City == Confidence)',
  ],
  ["Born == 'today'", '"today" is no date, which it is compared with (in Born == \'today\')'],
  ['City && true', 'a string is neither true nor false; compare it with something (in City && true)'],
  ['upper()', 'upper takes 1 values, not 0 (in upper())'],
  [
    'matches(City, City)',
    'matches needs its pattern as a text that is the same for every row (in matches(City, City))',
  ],
  ['City; Ratio', 'only one value can be worked out; use operators, ? : and functions (in City; Ratio)'],
  ['this', 'only one value can be worked out'],
  ['City.constructor', "only fields can be reached by a name; write data['Name']"],
  ['data.constructor', 'there is no field constructor'],
  ['constructor(1)', 'constructor is not a function'],
  ['toString(1)', 'toString is not a function'],
  ['City.constructor("x")', 'constructor is not a function'],
  ['__proto__', 'there is no field __proto__'],
  ['(City', 'Unclosed ( '],
  ["matches(City, '(')", '"(" is not a regular expression'],
])('%s is refused', (text, sentence) => {
  expect(() => compileExpression(text, layout)).toThrow(sentence);
});

test('a condition is true or false', () => {
  expect(compileCondition('Confidence > 80', layout).evaluate(row)).toBe(true);
  expect(() => compileCondition('Confidence', layout)).toThrow('gives a integer, neither true nor false');
});

test('a hostile pattern takes time in proportion to the text', () => {
  const { evaluate } = compileExpression("matches(City, '(a+)+b')", layout);
  expect(evaluate(['a'.repeat(20_000)])).toBe(false);
});

test('no row makes an expression fail', () => {
  const nullable = <Type>(arbitrary: fc.Arbitrary<Type>) => fc.option(arbitrary, { nil: null });
  const rows = fc.tuple(
    nullable(fc.string()),
    nullable(fc.integer()),
    nullable(fc.string()),
    nullable(fc.constantFrom('0', '-1.5', '100000000000000000000.1')),
    nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    nullable(fc.integer({ min: -100_000, max: 100_000 })),
    nullable(fc.double({ noNaN: true })),
  );
  const texts = [
    'Id * Id - Id % Id',
    'Balance / Balance',
    'City + Born + Ratio',
    'pow(Ratio, Confidence)',
    'padLeft(City, Ratio)',
    'left(City, Confidence)',
    'addDays(Born, 1)',
    'round(Ratio, 2)',
  ];
  const compiled = texts.map((text) => compileExpression(text, layout));
  fc.assert(
    fc.property(rows, (given) => {
      for (const { evaluate } of compiled) expect(evaluate([...given, []])).not.toBeUndefined();
    }),
  );
});
