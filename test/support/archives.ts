import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP archive of deflated files. */
export function packZip(files: Readonly<Record<string, Buffer>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflateRawSync(bytes);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    for (const [block, offset] of [
      [head, 8],
      [entry, 10],
    ] as const) {
      block.writeUInt16LE(8, offset);
      block.writeUInt32LE(crc32(bytes), offset + 6);
      block.writeUInt32LE(packed.length, offset + 10);
      block.writeUInt32LE(bytes.length, offset + 14);
      block.writeUInt16LE(name.length, offset + 18);
    }
    entry.writeUInt32LE(at, 42);
    local.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    at += head.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}

/** The same with every size and position in the 64-bit fields (APPNOTE 4.3.14, 4.3.15, 4.5.3), as large archives have. */
export function packZip64(name: string, bytes: Buffer): Buffer {
  const packed = deflateRawSync(bytes);
  const unknown = 0xffffffff;
  const wide = (...numbers: readonly number[]): Buffer => {
    const field = Buffer.alloc(4 + 8 * numbers.length);
    field.writeUInt16LE(1, 0);
    field.writeUInt16LE(8 * numbers.length, 2);
    for (const [index, number] of numbers.entries()) field.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
    return field;
  };
  const describe = (block: Buffer, offset: number, extra: Buffer): void => {
    block.writeUInt16LE(8, offset);
    block.writeUInt32LE(crc32(bytes), offset + 6);
    block.writeUInt32LE(unknown, offset + 10);
    block.writeUInt32LE(unknown, offset + 14);
    block.writeUInt16LE(name.length, offset + 18);
    block.writeUInt16LE(extra.length, offset + 20);
  };
  const [headExtra, entryExtra] = [wide(bytes.length, packed.length), wide(bytes.length, packed.length, 0)];
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  describe(head, 8, headExtra);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  describe(entry, 10, entryExtra);
  entry.writeUInt32LE(unknown, 42);
  const content = Buffer.concat([head, Buffer.from(name), headExtra, packed]);
  const directory = Buffer.concat([entry, Buffer.from(name), entryExtra]);
  const largeEnd = Buffer.alloc(56);
  largeEnd.writeUInt32LE(0x06064b50, 0);
  largeEnd.writeBigUInt64LE(44n, 4);
  largeEnd.writeBigUInt64LE(1n, 24);
  largeEnd.writeBigUInt64LE(1n, 32);
  largeEnd.writeBigUInt64LE(BigInt(directory.length), 40);
  largeEnd.writeBigUInt64LE(BigInt(content.length), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(content.length + directory.length), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0xffff, 8);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(unknown, 12);
  end.writeUInt32LE(unknown, 16);
  return Buffer.concat([content, directory, largeEnd, locator, end]);
}

/** A shapefile set of lines with text attributes. */
export function packShapefile(
  records: readonly { readonly attributes: Readonly<Record<string, string>>; readonly line: readonly number[][] }[],
): { readonly shapes: Buffer; readonly table: Buffer } {
  const head = Buffer.alloc(100);
  head.writeUInt32BE(9994, 0);
  const shapes = records.map(({ line }, index) => {
    const shape = Buffer.alloc(8 + 48 + 16 * line.length);
    shape.writeUInt32BE(index + 1, 0);
    shape.writeUInt32BE((shape.length - 8) / 2, 4);
    shape.writeUInt32LE(3, 8);
    shape.writeUInt32LE(1, 44);
    shape.writeUInt32LE(line.length, 48);
    line.forEach(([longitude = 0, latitude = 0], vertex) => {
      shape.writeDoubleLE(longitude, 56 + 16 * vertex);
      shape.writeDoubleLE(latitude, 64 + 16 * vertex);
    });
    return shape;
  });
  const names = Object.keys(records[0]?.attributes ?? {});
  const width = 30;
  const columns = names.map((name) => {
    const column = Buffer.alloc(32);
    column.write(name, 'latin1');
    column[16] = width;
    return column;
  });
  const table = Buffer.alloc(32);
  table.writeUInt32LE(records.length, 4);
  table.writeUInt16LE(33 + 32 * names.length, 8);
  table.writeUInt16LE(1 + width * names.length, 10);
  const rows = records.map(
    ({ attributes }) => ` ${names.map((name) => (attributes[name] ?? '').padEnd(width)).join('')}`,
  );
  return {
    shapes: Buffer.concat([head, ...shapes]),
    table: Buffer.concat([table, ...columns, Buffer.from([0x0d]), Buffer.from(rows.join(''), 'latin1')]),
  };
}
