import fc from 'fast-check';
import type { Row, Value } from '../../../server/dataflow/index.ts';
import { record } from '../../../server/foundation/fields.ts';
import { checkValue } from '../../../server/foundation/schema.ts';
import { createEncoding, type EncodingName } from '../../../server/record-formats/encoding.ts';
import type { FileField, FileLayout } from '../../../server/record-formats/file-settings.ts';
import { layoutMembers } from '../../../server/record-formats/file-settings.ts';
import { MalformedText, type StreamPosition } from '../../../server/record-formats/record-stream.ts';
import { createRowFormat, createRowFormatter } from '../../../server/record-formats/row-format.ts';

function toLayout(settings: object): FileLayout {
  const checked = checkValue(record('Layout', layoutMembers), settings, undefined, '');
  expect(checked.issues).toEqual([]);
  return checked.value as FileLayout;
}

async function readAll(layout: FileLayout, bytes: Uint8Array, size = 65_536, from?: StreamPosition) {
  const options = { fewerIsMalformed: true, moreIsMalformed: true, onNoValue: 'malformed' } as const;
  const format = createRowFormat(layout, options);
  const rows: (Row | string)[] = [];
  const positions: StreamPosition[] = [];
  const read = async function* (fromByte: number) {
    for (let at = fromByte; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const sizeBytes = async () => bytes.length;
  for await (const block of format.stream({
    read,
    sizeBytes,
    isCompressed: false,
    blockBytes: size,
    ...(from && { from }),
  })) {
    rows.push(...block.records.map((one) => (one instanceof MalformedText ? one.reason : format.read(one))));
    positions.push(block.position);
  }
  return { rows, positions };
}

function write(layout: FileLayout, rows: readonly Row[]): Buffer {
  const formatter = createRowFormatter(layout);
  const text = formatter.begin() + rows.map(formatter.format).join('') + formatter.end();
  return createEncoding(layout.encoding).encode(text);
}

type Typed = readonly [Omit<FileField, 'name' | 'trim'>, fc.Arbitrary<Value>];

const text = fc.string({
  unit: fc.constantFrom('a', 'é', '東', '😀', '<', '&', '"', "'", ',', '\n', '\r', '\t', ' ', ']]>'),
});
const dates = fc.integer({ min: -100_000, max: 100_000 });
const scalars: readonly Typed[] = [
  [{ type: 'integer' }, fc.integer()],
  [{ type: 'long' }, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [{ type: 'double' }, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
  [{ type: 'bigdecimal' }, fc.constantFrom('0', '-12.5', '99999999999999999999.00001')],
  [{ type: 'boolean' }, fc.boolean()],
  [{ type: 'date' }, dates],
  [{ type: 'date', format: 'M/d/yyyy' }, dates],
  [{ type: 'datetime' }, dates.map((day) => day * 1000)],
  [{ type: 'bytearray' }, fc.uint8Array({ minLength: 1 })],
  [{ type: 'geometry' }, fc.constant({ type: 'Point', coordinates: [-77.1, 38.9] })],
];
const encodings = fc.constantFrom<EncodingName>('UTF-8', 'UTF-16LE', 'UTF-16BE');

/** Writes random rows and reads them again, in pieces of any size and from every position. */
async function checkIdentity(settings: object, typed: readonly Typed[], places: readonly object[] = []) {
  const fields = typed.map(([rest], index) => ({ name: `f${index}`, ...rest, ...places[index] }));
  const row = fc.tuple(...typed.map(([, value]) => value)) as unknown as fc.Arbitrary<Row>;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 8 }),
      encodings,
      fc.integer({ min: 1, max: 40 }),
      async (rows, encoding, size) => {
        const layout = toLayout({ hasHeader: false, ...settings, encoding, fields });
        const bytes = write(layout, rows);
        const whole = await readAll(layout, bytes, size);
        expect(whole.rows).toEqual(rows);
        for (const position of whole.positions) {
          expect((await readAll(layout, bytes, size, position)).rows).toEqual(rows.slice(position.record));
        }
      },
    ),
    { numRuns: 25 },
  );
}

const orNull = ([rest, value]: Typed): Typed => [rest, fc.option(value)];
const list: Typed = [
  {
    type: 'list',
    fields: [
      { name: 'x', type: 'string', trim: false },
      { name: 'y', type: 'integer', trim: false },
    ],
  },
  fc.array(fc.tuple(fc.option(text), fc.option(fc.integer())) as unknown as fc.Arbitrary<Row>, { maxLength: 3 }),
];
const plainList: Typed = [
  { type: 'list', fields: [{ name: 'x', type: 'string', trim: false, path: '.' }] },
  fc.array(fc.tuple(fc.option(text)) as unknown as fc.Arbitrary<Row>, { maxLength: 3 }),
];

test('delimited: what is written is read back', () =>
  checkIdentity({}, [[{ type: 'string' }, text], ...scalars.map(orNull)]));

test('json lines: what is written is read back, nested and in lists', () =>
  checkIdentity(
    { recordType: 'json lines' },
    [
      [{ type: 'string' }, fc.option(text)],
      list,
      plainList,
      orNull([{ type: 'string' }, text]),
      orNull([{ type: 'string' }, text]),
      ...scalars.map(orNull),
    ],
    [{ path: 'a.b' }, { path: 'a.list' }, { path: 'plain' }, { path: 'a.lines[1]' }, { path: 'a.lines[2]' }],
  ));

test('xml: what is written is read back, by elements, attributes and lists', () =>
  checkIdentity(
    { recordType: 'xml', recordElement: 'p:row', namespaces: { p: 'urn:example' } },
    [
      [{ type: 'string' }, fc.option(text)],
      list,
      plainList,
      orNull([{ type: 'string' }, text]),
      orNull([{ type: 'string' }, text]),
      ...scalars.map(orNull),
    ],
    [
      { path: 'a/b/@id' },
      { path: 'a/item' },
      { path: 'plain/p:item' },
      { path: 'a/p:line[1]' },
      { path: 'a/p:line[2]' },
    ],
  ));

const fixedText = fc.string({ unit: fc.constantFrom('a', 'é', '東', ','), maxLength: 6 });
const fixed: readonly Typed[] = [
  [{ type: 'string' }, fixedText],
  ...scalars.slice(0, 7).map(orNull),
  [{ type: 'string' }, fixedText],
];
const fixedPlaces = fixed.map(([{ type }]) => ({ length: type === 'string' ? 6 : 30, trim: true }));

test.each(['fixed width', 'line sequential'])('%s: what is written is read back', (recordType) =>
  checkIdentity({ recordType }, fixed, fixedPlaces),
);

test('short lines end before their last fields; lines of Windows are taken', async () => {
  const fields = [
    { name: 'a', length: 3 },
    { name: 'b', position: 5, length: 2 },
  ];
  const layout = toLayout({ recordType: 'line sequential', fields });
  expect((await readAll(layout, Buffer.from('123456\r\n12\r\n'))).rows).toEqual([
    ['123', '56'],
    'it has 1 field; 2 are expected',
  ]);
});

test('json: what is no document, or no value of its field, is malformed with the reason', async () => {
  const layout = toLayout({ recordType: 'json lines', fields: [{ name: 'n', type: 'integer' }] });
  const { rows } = await readAll(layout, Buffer.from('{"n":1}\n\n{"n":\n{"n":"x"}\n{}\n{"n":{"a":1}}\n'));
  expect(rows).toEqual([
    [1],
    expect.stringContaining('JSON'),
    'n: "x" is no integer',
    [null],
    'n: "{\\"a\\":1}" is no integer',
  ]);
});

test('xml: a document that breaks off is told behind the records that are whole', async () => {
  const layout = toLayout({ recordType: 'xml', recordElement: 'r', fields: [{ name: 'n' }] });
  const { rows } = await readAll(layout, Buffer.from('<all><r><n>1</n></r><r><n>2</r></all>'));
  expect(rows[0]).toEqual(['1']);
  expect(rows[1]).toMatch(/^the XML document cannot be read on: /);
});

test('xml: a name with a prefix is of its namespace, one without of any', async () => {
  const fields = [
    { name: 'any', path: 'n' },
    { name: 'own', path: 'o:n' },
  ];
  const layout = toLayout({ recordType: 'xml', recordElement: 'r', namespaces: { o: 'urn:o' }, fields });
  const document = '<all xmlns:q="urn:o"><q:r><n>1</n><q:n>2</q:n></q:r></all>';
  expect((await readAll(layout, Buffer.from(document))).rows).toEqual([['1', '2']]);
});
