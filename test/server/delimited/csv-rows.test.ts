import fc from 'fast-check';
import { CsvRows } from '../../../server/delimited/csv-rows.ts';

function cut(...pieces: readonly string[]) {
  const rows = new CsvRows();
  return [...pieces.flatMap((piece) => rows.push(piece)), ...rows.end()];
}

test.each([
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    '\uFEFFa\tb\r\n1\t2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a|b\n1|"x|y"\n',
    [
      ['a', 'b'],
      ['1', 'x|y'],
    ],
  ],
  [
    'a,b\n"say ""so""","line\nbreak"\n',
    [
      ['a', 'b'],
      ['say "so"', 'line\nbreak'],
    ],
  ],
  [
    'a,b\n\n,\n',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
])('cuts %j', (text, rows) => {
  expect(cut(text).map(({ values }) => values)).toEqual(rows);
});

test('tells the line on which a row begins', () => {
  expect(cut('a,b\n"1\n2",3\n4,5\n').map(({ line }) => line)).toEqual([1, 2, 4]);
});

test('gives back what was quoted, wherever the text is cut into pieces', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'é') });
  const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(table, fc.nat(), (cells, at) => {
      const text = ['x,y', ...cells.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))].join(
        '\n',
      );
      const place = at % (text.length + 1);
      const rows = cut(text.slice(0, place), text.slice(place), '\n').map(({ values }) => values);
      expect(rows).toEqual([['x', 'y'], ...cells]);
    }),
  );
});
