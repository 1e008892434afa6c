import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FieldType, Row, Value } from '../../../server/dataflow/index.ts';
import type { FileField } from '../../../server/record-formats/file-settings.ts';
import { streamParquet } from '../../../server/record-formats/parquet-reader.ts';
import { createParquetWriter, type ParquetWriterOptions } from '../../../server/record-formats/parquet-writer.ts';
import type { StreamPosition } from '../../../server/record-formats/record-stream.ts';

const options: ParquetWriterOptions = { codec: 'SNAPPY', rowGroupRows: 5 };

async function write(fields: readonly FileField[], rows: readonly Row[], given = options): Promise<Uint8Array> {
  const writer = await createParquetWriter(fields, given);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < rows.length; at += 3) parts.push(writer.add(rows.slice(at, at + 3)));
  return Buffer.concat([...parts, writer.finish()]);
}

async function read(fields: readonly FileField[], bytes: Uint8Array, from?: StreamPosition) {
  const rows: (Row | string)[] = [];
  const positions: StreamPosition[] = [];
  const file = {
    sizeBytes: async () => bytes.length,
    async *read(fromByte: number) {
      for (let at = fromByte; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50);
    },
    ...(from && { from }),
  };
  for await (const { records, position } of streamParquet(fields, 'malformed', file)) {
    rows.push(...records);
    positions.push(position);
  }
  return { rows, positions };
}

const field = (name: string, type: FieldType, more: Partial<FileField> = {}): FileField => ({
  name,
  type,
  trim: false,
  ...more,
});

const inner = (...fields: readonly FileField[]) => ({ fields: fields as NonNullable<FileField['fields']> });

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const days = fc.integer({ min: -100_000, max: 100_000 });
const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.constantFrom('', '.5', '.00001'))
  .map(([whole, fraction]) => (whole === 0n ? '0' : `${whole}${fraction}`));
const scalars: readonly (readonly [FileField, fc.Arbitrary<Value>])[] = [
  [field('text', 'string'), text],
  [field('nested text', 'string', { path: 'a.b' }), text],
  [field('yes', 'boolean'), fc.boolean()],
  [field('number', 'integer', { path: 'a.number' }), fc.integer()],
  [field('long', 'long'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [field('float', 'float'), fc.float({ noNaN: true })],
  [field('double', 'double'), fc.double({ noNaN: true })],
  [field('decimal as text', 'bigdecimal'), decimals],
  [field('decimal', 'bigdecimal', { scale: 5 }), decimals],
  [field('day', 'date'), days],
  [field('time', 'time'), fc.integer({ min: 0, max: 86_399_999 })],
  [field('moment', 'datetime'), days.map((day) => day * 86_399_999)],
  [field('bytes', 'bytearray'), fc.uint8Array({ maxLength: 5 })],
  [field('place', 'geometry'), fc.constant({ type: 'Point', coordinates: [-77.1, 38.9] })],
];
const lists: readonly (readonly [FileField, fc.Arbitrary<Value>])[] = [
  [
    field('list', 'list', inner(field('x', 'string'), field('y', 'integer', { path: 'in.y' }))),
    fc.array(fc.tuple(fc.option(text), fc.option(fc.integer())) as unknown as fc.Arbitrary<Row>, { maxLength: 3 }),
  ],
  [
    field('plain', 'list', { path: 'a.plain', ...inner(field('x', 'string', { path: '.' })) }),
    fc.array(fc.tuple(fc.option(text)) as unknown as fc.Arbitrary<Row>, { maxLength: 3 }),
  ],
];
const every = [...scalars, ...lists];
const fields = every.map(([one]) => one);
const rows = fc.array(fc.tuple(...every.map(([, value]) => fc.option(value))) as unknown as fc.Arbitrary<Row>, {
  maxLength: 17,
});

test('what is written is read back, nested and in lists, from every position', () =>
  fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('SNAPPY', 'GZIP', 'UNCOMPRESSED'), async (given, codec) => {
      const bytes = await write(fields, given, { codec, rowGroupRows: 5 });
      const whole = await read(fields, bytes);
      expect(whole.rows).toEqual(given);
      for (const position of whole.positions)
        expect((await read(fields, bytes, position)).rows).toEqual(given.slice(position.record));
    }),
    { numRuns: 25 },
  ));

test('the same rows make the same file, however they come', async () => {
  const given = Array.from({ length: 23 }, (_, index): Row => [index, `n${index}`]);
  const two = [field('id', 'integer'), field('name', 'string')];
  const writer = await createParquetWriter(two, options);
  const atOnce = Buffer.concat([writer.add(given), writer.finish()]);
  expect(Buffer.compare(atOnce, Buffer.from(await write(two, given)))).toBe(0);
});

test('a column of one type is read as a field of another, or its values are malformed', async () => {
  const written = [field('id', 'integer'), field('when', 'date'), field('text', 'string')];
  const bytes = await write(written, [
    [7, 1, '12'],
    [8, 2, 'x'],
  ]);
  const wanted = [field('id', 'long'), field('when', 'datetime'), field('text', 'double')];
  expect((await read(wanted, bytes)).rows).toEqual([[7n, 86_400_000, 12], 'text: "x" is no double']);
  expect((await read([field('when', 'string')], bytes)).rows).toEqual([['1970-01-02'], ['1970-01-03']]);
});

test('a column that is not there is named, and what is no Parquet file is told', async () => {
  const bytes = await write([field('id', 'integer')], [[1]]);
  await expect(read([field('name', 'string')], bytes)).rejects.toThrow(
    'fields: the file has no column name; it has id',
  );
  await expect(read([field('id', 'integer')], Buffer.from('id\n1\n'))).rejects.toThrow('cannot be read as Parquet');
});

test('a decimal that its column cannot hold is refused with what to do', async () => {
  const two = [field('price', 'bigdecimal', { scale: 2 })];
  await expect(write(two, [['1.25'], ['1.255']])).rejects.toThrow('price: 1.255 does not fit 38 digits with 2 behind');
});

test.each(['lz4', 'zstd'])('a file that Apache Arrow wrote with %s is read exactly', async (codec) => {
  const bytes = readFileSync(join(__dirname, 'parquet-of-arrow', `${codec}.parquet`));
  const wanted = [
    field('id', 'integer'),
    field('price', 'bigdecimal'),
    field('day', 'date'),
    field('moment', 'datetime'),
    field('flag', 'boolean'),
    field('lines', 'list', inner(field('line', 'string', { path: '.' }))),
  ];
  expect((await read(wanted, bytes)).rows).toEqual([
    [1, '12345678901234567890.01', 20_000, 1_700_000_000_123, null, [['a'], ['b']]],
    [2, '-0.5', -1, -1_000, null, []],
    [3, null, null, null, null, null],
  ]);
});
