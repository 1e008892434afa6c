import fc from 'fast-check';
import {
  createDelimitedCutter,
  createDelimitedFormatter,
  type DelimitedSyntax,
} from '../../../server/record-formats/delimited.ts';
import { createEncoding, type EncodingName } from '../../../server/record-formats/encoding.ts';
import { type CutRecord, type StreamPosition, streamRecords } from '../../../server/record-formats/record-stream.ts';

const comma: DelimitedSyntax = { separator: ',', qualifier: '"', recordSeparator: '\n' };

function cutAll(text: string, syntax = comma): (string[] | string)[] {
  const records: (string[] | string)[] = [];
  const used = createDelimitedCutter(syntax).cut(text, true, (values, reason = '') => records.push(values ?? reason));
  expect(used).toBe(text.length);
  return records;
}

test.each<[string, string, readonly (readonly string[])[]]>([
  [
    'lines',
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'the last line without its end',
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'line ends of Windows',
    'a,b\r\nc,"d"\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'separators and line ends inside of quotes',
    '"a,1","b\n2"\nc,d\n',
    [
      ['a,1', 'b\n2'],
      ['c', 'd'],
    ],
  ],
  [
    'doubled quotes',
    '"say ""no""",""\n"",x\n',
    [
      ['say "no"', ''],
      ['', 'x'],
    ],
  ],
  [
    'a quote inside of a value',
    '12" pipe,b\nc,d"\n',
    [
      ['12" pipe', 'b'],
      ['c', 'd"'],
    ],
  ],
  ['text behind a closing quote', '"a"b,c\n', [['ab', 'c']]],
  ['empty values', ',,\n\n', [['', '', ''], ['']]],
])('%s', (_, text, records) => {
  expect(cutAll(text)).toEqual(records);
});

test('a quote that nobody closes is a malformed record', () => {
  expect(cutAll('a,b\n"c,d\n')).toEqual([['a', 'b'], 'the value that begins with "c,d\n has no closing "']);
});

test('separators may be of several characters, qualifiers others or none', () => {
  expect(cutAll("'a||b'||c\r", { separator: '||', qualifier: "'", recordSeparator: '\r' })).toEqual([['a||b', 'c']]);
  expect(cutAll('"a\t"b\n', { separator: '\t', qualifier: '', recordSeparator: '\n' })).toEqual([['"a', '"b']]);
});

const syntaxes = fc.constantFrom<DelimitedSyntax>(
  comma,
  { separator: '|', qualifier: "'", recordSeparator: '\r\n' },
  { separator: '\t', qualifier: '"', recordSeparator: '\r' },
  { separator: '||', qualifier: '"', recordSeparator: '\n' },
);
const value = fc.string({ unit: fc.constantFrom('a', 'é', '東', ',', '|', '"', "'", '\n', '\r', '\t', ' ') });
const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 20 });

test('what is written is read back, however the bytes are cut, and from every position', async () => {
  await fc.assert(
    fc.asyncProperty(
      syntaxes,
      rows,
      fc.constantFrom<EncodingName>('UTF-8', 'UTF-16LE'),
      fc.integer({ min: 1, max: 9 }),
      async (syntax, given, name, size) => {
        const encoding = createEncoding(name);
        const { format } = createDelimitedFormatter(syntax);
        const bytes = encoding.encode(given.map(format).join(''));
        const read = async (from?: StreamPosition) => {
          const props = {
            read: (fromByte: number) => pieces(bytes.subarray(fromByte), size),
            isCompressed: false,
            blockBytes: size,
            encoding,
            cutter: createDelimitedCutter(syntax),
            recordSeparator: syntax.recordSeparator,
            ...(from && { from }),
          };
          const records: CutRecord[] = [];
          const positions: StreamPosition[] = [];
          for await (const block of streamRecords(props)) {
            records.push(...block.records);
            positions.push(block.position);
          }
          return { records, positions };
        };
        const whole = await read();
        expect(whole.records).toEqual(given);
        for (const position of whole.positions)
          expect((await read(position)).records).toEqual(given.slice(position.record));
      },
    ),
  );
});

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
