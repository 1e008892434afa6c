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
