import type { LayoutField, Row, Value } from '../../dataflow/index.ts';

/** Rows as text and back, without loss for every type of value. */
export interface RowCodec {
  encode(rows: Row[]): string;
  decode(text: string): Row[];
}

interface ValueCodec {
  encode(value: Value): Value;
  decode(value: Value): Value;
}

/** JSON, which the runtime reads and writes faster than any code of ours; only what it cannot say is written otherwise. */
export function createRowCodec(fields: readonly LayoutField[]): RowCodec {
  const special = fields.flatMap((field, position) => {
    const codec = codecOf(field);
    return codec === undefined ? [] : [{ position, codec }];
  });
  if (special.length === 0) return { encode: JSON.stringify, decode: (text) => JSON.parse(text) as Row[] };
  return {
    encode: (rows) =>
      JSON.stringify(
        rows.map((row) => {
          const written = [...row];
          for (const { position, codec } of special) written[position] = apply(codec.encode, row[position]);
          return written;
        }),
      ),
    decode(text) {
      const rows = JSON.parse(text) as Row[];
      for (const row of rows) {
        for (const { position, codec } of special) row[position] = apply(codec.decode, row[position]);
      }
      return rows;
    },
  };
}

function apply(change: (value: Value) => Value, value: Value | undefined): Value {
  return value === null || value === undefined ? null : change(value);
}

function codecOf({ type, fields = [] }: LayoutField): ValueCodec | undefined {
  switch (type) {
    case 'long':
      return { encode: String, decode: (value) => BigInt(value as string) };
    case 'float':
    case 'double':
      return { encode: encodeDouble, decode: Number };
    case 'bytearray':
      return {
        encode: (value) => Buffer.from(value as Uint8Array).toString('base64'),
        decode: (value) => new Uint8Array(Buffer.from(value as string, 'base64')),
      };
    case 'list': {
      const { encode, decode } = createRowCodec(fields);
      return { encode: (value) => encode(value as Row[]), decode: (value) => decode(value as string) };
    }
    default:
      return undefined;
  }
}

/** JSON has no word for these three, and writes the negative zero as zero. */
function encodeDouble(value: Value): Value {
  return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
}
