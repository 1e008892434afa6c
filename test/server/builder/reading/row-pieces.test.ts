import fc from 'fast-check';
import { eachRow } from '../../../../server/builder/reading/piece-rows.ts';
import { cutRows, takeFirstLine } from '../../../../server/builder/reading/row-pieces.ts';
import type { BytePiece } from '../../../../server/builder/reading/text-file.ts';
import { CsvRows } from '../../../../server/delimited/index.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<BytePiece> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    yield { bytes: bytes.subarray(at, at + size), bytesRead: Math.min(bytes.length, at + size) };
  }
}

function readRows(text: string, columns: number): { line: number; values: readonly string[] }[] {
  const rows: { line: number; values: readonly string[] }[] = [];
  eachRow(text, ',', new Array<boolean>(columns).fill(true), (line, values) =>
    rows.push({ line, values: [...values] }),
  );
  return rows;
}

test('reads quotes, doubled quotes, line ends within quotes and missing columns', () => {
  const text = 'a,b,c\r\n"x, y","say ""so""",\n"two\nlines",1,2\n\nlast';
  expect(readRows(text, 3)).toEqual([
    { line: 1, values: ['a', 'b', 'c'] },
    { line: 2, values: ['x, y', 'say "so"', ''] },
    { line: 3, values: ['two\nlines', '1', '2'] },
    { line: 6, values: ['last', '', ''] },
  ]);
});

test('only the columns asked for are filled', () => {
  const rows: string[][] = [];
  eachRow('1,2,3\n4,5,6\n', ',', [false, true, false], (_, values) => rows.push([...values]));
  expect(rows).toEqual([
    ['', '2', ''],
    ['', '5', ''],
  ]);
});

test('rows of any text are those of the reader for whole files', () => {
  const field = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', '1', ' ', 'é', ';') }),
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'ß') }).map((text) => `"${text.replaceAll('"', '""')}"`),
  );
  const row = fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) => fields.join(','));
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
      const text = `${rows.join('\n')}\n`;
      const wanted = new CsvRows(',').push(text).map(({ line, values }) => ({ line, values: padded(values) }));
      expect(readRows(text, 4)).toEqual(wanted);
    }),
  );
});

function padded(values: readonly string[]): string[] {
  return Array.from({ length: 4 }, (_, column) => values[column] ?? '');
}

test('pieces end where rows end, also with line ends within quotes, and lose nothing', async () => {
  const row = (at: number) => (at % 3 === 0 ? `${at},"Main\nStreet ""${at}"""\n` : `${at},Main Street\n`);
  const text = Array.from({ length: 400_000 }, (_, at) => row(at)).join('');
  let joined = '';
  let pieces = 0;
  for await (const { bytes } of cutRows(inPieces(text, 100_003), ',')) {
    const piece = bytes.toString();
    pieces += 1;
    expect(piece).toMatch(/^\d+,/);
    joined += piece;
  }
  expect(pieces).toBeGreaterThan(1);
  expect(joined === text).toBe(true);
});

test('a quote that nobody closes ends the reading', async () => {
  const text = `1,a\n2,"open\n${'x\n'.repeat(9_000_000)}`;
  const read = async () => {
    for await (const _ of cutRows(inPieces(text, 1_048_576), ','));
  };
  await expect(read()).rejects.toThrow();
});

test.each([1, 3, 1_000])(
  'the first line is taken off, byte order mark and all, in pieces of %i bytes',
  async (size) => {
    const { line, rest } = await takeFirstLine(inPieces('\uFEFFA,B\r\n1,2\n3,4', size));
    expect(line).toBe('A,B');
    const bytes: Buffer[] = [];
    for await (const piece of rest) bytes.push(piece.bytes);
    expect(Buffer.concat(bytes).toString()).toBe('1,2\n3,4');
  },
);
