import fc from 'fast-check';
import { CsvRows, formatRow, RecordBounds } from '../../../server/delimited/index.ts';

function rowsOf(bytes: Buffer, delimiter: string): (readonly string[])[] {
  const cutter = new CsvRows(delimiter);
  return [...cutter.push(bytes.toString('utf8')), ...cutter.end()].map(({ values }) => values);
}

const value = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', 'é', ' ', '') });

test('a file cut at any bounds gives the rows of the whole, whatever its values hold', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value, fc.constant('end')), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(',', ';'),
      (rows, pieceBytes, delimiter) => {
        const bytes = Buffer.from(rows.map((row) => formatRow(row, delimiter)).join(''));
        const bounds = new RecordBounds(delimiter);
        const ends: number[] = [];
        for (let at = 0; at < bytes.length; at += pieceBytes)
          ends.push(...bounds.push(bytes.subarray(at, at + pieceBytes)));
        expect(ends).toHaveLength(rows.length);
        expect(ends.at(-1)).toBe(bytes.length);
        const parts = ends.flatMap((end, index) => rowsOf(bytes.subarray(ends[index - 1] ?? 0, end), delimiter));
        expect(parts).toEqual(rows);
      },
    ),
  );
});

test('a quote inside a value that does not begin with one is text', () => {
  const bytes = Buffer.from('5" pipe,x\n6" pipe,y\n');
  expect([...new RecordBounds(',').push(bytes)]).toEqual([10, 20]);
  expect(rowsOf(bytes, ',')).toEqual([
    ['5" pipe', 'x'],
    ['6" pipe', 'y'],
  ]);
});

test('a last record without line end has no bound', () => {
  expect([...new RecordBounds(',').push(Buffer.from('a,b\nc,d'))]).toEqual([4]);
});
