import fc from 'fast-check';
import { Gap, Shape, tokenize } from '../../../../server/address/parsing/tokens.ts';

const words = (line: string) => tokenize(line).map(({ text }) => text);

test.each([
  ['123 Main St.', ['123', 'MAIN', 'ST']],
  ['P.O. Box 12', ['PO', 'BOX', '12']],
  ['N.W. U.S. Hwy', ['NW', 'US', 'HWY']],
  ['St.Louis', ['ST', 'LOUIS']],
  ['S.Main', ['S', 'MAIN']],
  ["O'Brien O’Brien", ['OBRIEN', 'OBRIEN']],
  ['Wilkes-Barre', ['WILKES', 'BARRE']],
  ['12-34 100-B A-3 4922-S South', ['12-34', '100-B', 'A-3', '4922-S', 'SOUTH']],
  ['I-95 US-31', ['I', '95', 'US', '31']],
  ['APT5 HC72 STE100', ['APT', '5', 'HC', '72', 'STE', '100']],
  ['123Main 123A 5th', ['123', 'MAIN', '123A', '5TH']],
  ['123-Main', ['123', 'MAIN']],
  ['123 1/2 12½', ['123', '1/2', '12', '1/2']],
  ['c/o Smith', ['C/O', 'SMITH']],
  ['#314 Apt #5', ['#', '314', 'APT', '#', '5']],
  ['Cañon Peñasquitos', ['CANON', 'PENASQUITOS']],
  ['N6W23001', ['N6W23001']],
  ['', []],
  [' ,;-. ', []],
])('cuts %p', (line, expected) => {
  expect(words(line)).toEqual(expected);
});

test('tells the shapes of numbers, ordinals, fractions and letters', () => {
  const shapes = tokenize('12 1ST 1/2 B 12A MAIN').map(({ shape }) => shape);
  const digit = Shape.leadingDigit | Shape.digit;
  expect(shapes).toEqual([digit | Shape.number, digit | Shape.ordinal, digit | Shape.fraction, Shape.letter, digit, 0]);
});

test('keeps how strongly tokens are separated', () => {
  expect(tokenize('A B, C - D(E').map(({ gap }) => gap)).toEqual([
    Gap.none,
    Gap.space,
    Gap.comma,
    Gap.hyphen,
    Gap.bracket,
  ]);
});

test('never throws, and every token lies in the line, in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (line) => {
      let end = 0;
      for (const token of tokenize(line)) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(end).toBeLessThanOrEqual(line.length);
    }),
  );
});
