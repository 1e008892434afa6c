import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import {
  formatLocation,
  type Location,
  locationIn,
  type ObjectStore,
  openObjectStore,
  parseLocation,
  readPieces,
  readText,
} from '../../server/object-store/index.ts';

/** What every kind of object store must do; `root` answers an empty folder or prefix for each test. */
export function describeObjectStore(kind: string, root: () => Promise<string>): void {
  describe(kind, () => {
    let store: ObjectStore;
    let folder: Location;
    beforeEach(async () => {
      folder = parseLocation(await root());
      store = openObjectStore();
    });
    afterEach(() => store.close());

    const put = async (name: string, content: string | Uint8Array) => {
      const location = locationIn(folder, name);
      const staged = await store.stage(location);
      await writeFile(staged, content);
      const sha256 = createHash('sha256').update(content).digest('hex');
      return { location, outcome: await store.publish(staged, location, sha256) };
    };

    test('an object that nobody wrote is not there', async () => {
      const location = locationIn(folder, 'nothing');
      expect(await store.find(location)).toBeUndefined();
      expect(await readText(store, location, 10)).toBeUndefined();
    });

    test('what was written first stays', async () => {
      const { location, outcome } = await put('once.txt', 'first');
      expect(outcome).toBe('written');
      expect((await put('once.txt', 'second')).outcome).toBe('exists');
      expect(await readText(store, location, 10)).toBe('first');
    });

    test('a part is read by its bytes, and an empty one is empty', async () => {
      const { location } = await put('part.txt', '0123456789');
      const { mark, sizeBytes } = (await store.find(location)) ?? { mark: '', sizeBytes: 0 };
      expect(sizeBytes).toBe(10);
      expect(Buffer.from(await store.read(location, { from: 3, to: 6 }, mark)).toString()).toBe('345');
      expect(await store.read(location, { from: 6, to: 6 }, mark)).toHaveLength(0);
    });

    test('a read that names another content fails', async () => {
      const { location } = await put('changed.txt', 'content');
      const reading = store.read(location, { from: 0, to: 3 }, '"not-this"');
      await expect(reading).rejects.toThrow(`${formatLocation(location)} changed while it was read`);
    });

    test('pieces come in order, whatever is asked for ahead', async () => {
      // A period that divides no piece: one in the wrong place differs.
      const bytes = Buffer.alloc(17 * 2 ** 20, Buffer.from(Array.from({ length: 251 }, (_, index) => index)));
      const { location } = await put('large.bin', bytes);
      const { mark } = (await store.find(location)) ?? { mark: '' };
      const pieces: Uint8Array[] = [];
      for await (const piece of readPieces(store, location, { from: 5, to: bytes.length - 7 }, mark))
        pieces.push(piece);
      expect(pieces.length).toBeGreaterThan(2);
      expect(Buffer.concat(pieces).equals(bytes.subarray(5, -7))).toBe(true);
    });
  });
}
