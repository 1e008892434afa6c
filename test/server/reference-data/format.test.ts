import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { ByteReader, ByteWriter } from '../../../server/reference-data/bytes.ts';
import { cellColumnOf, cellKeyOf, cellRowOf } from '../../../server/reference-data/format.ts';
import { joinNumber, splitNumber } from '../../../server/reference-data/ordering.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';

test('numbers of any size come back', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger()), (numbers) => {
      const writer = new ByteWriter();
      for (const number of numbers) writer.varint(Math.abs(number));
      for (const number of numbers) writer.signed(Math.trunc(number / 4));
      const reader = new ByteReader(writer.take());
      expect(numbers.map(() => reader.varint())).toEqual(numbers.map(Math.abs));
      expect(numbers.map(() => reader.signed())).toEqual(numbers.map((number) => Math.trunc(number / 4) || 0));
    }),
  );
});

test('house numbers come back as written', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^\d{0,12}[A-Z -/]{0,3}$/)),
      (text) => joinNumber(splitNumber(text)) === text,
    ),
  );
});

test('cells of the whole globe have numbers of their own', () => {
  const place = fc.tuple(
    fc.double({ min: -90, max: 90, noNaN: true }),
    fc.double({ min: -180, max: 180, noNaN: true }),
  );
  fc.assert(
    fc.property(place, place, (one, other) => {
      const cellOf = ([latitude, longitude]: [number, number]) =>
        [cellRowOf(latitude), cellColumnOf(longitude)] as const;
      const [a, b] = [cellOf(one), cellOf(other)];
      const isSame = a[0] === b[0] && a[1] === b[1];
      expect(Number.isSafeInteger(cellKeyOf(...a))).toBe(true);
      expect(cellKeyOf(...a) === cellKeyOf(...b)).toBe(isSame);
    }),
  );
});

/** The bytes of docs/reference-data-format.md: a change here is a change of the format and of its number. */
test('the layout of a small vintage is as documented', async () => {
  const { path, remove } = await makeTemporaryFolder();
  const folder = await writeVintage(path, '1', smallContent);
  const read = async (name: string) => (await readFile(join(folder, name))).toString('hex').replace(/(.{64})/g, '$1\n');
  expect({
    addresses: await read('addresses.bin'),
    index: await read('index.bin'),
    places: await read('places.bin'),
  }).toMatchSnapshot();
  await remove();
});
