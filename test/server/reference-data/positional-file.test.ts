import type { FileHandle } from 'node:fs/promises';
import { openAddressDatabase } from '../../../server/reference-data/index.ts';
import { openPositionalFile, type PositionalFile } from '../../../server/reference-data/positional-file.ts';
import { makeTemporaryFolder, smallContent, writeVintage } from '../../support/vintage-folder.ts';

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  const temporary = await makeTemporaryFolder();
  remove = temporary.remove;
  folder = await writeVintage(temporary.path, '1', smallContent);
});
afterAll(() => remove());

/** Opens the vintage over a file whose reads, after the header's, go through `read`. */
async function openOver(
  read: (file: PositionalFile, position: number, sizeBytes: number) => Promise<Buffer>,
  options = {},
) {
  return await openAddressDatabase(folder, {
    ...options,
    openFile: async (path) => {
      const file = await openPositionalFile(path);
      let isFirst = true;
      return {
        read: (position, sizeBytes) => {
          if (!isFirst) return read(file, position, sizeBytes);
          isFirst = false;
          return file.read(position, sizeBytes);
        },
        close: () => file.close(),
      };
    },
  });
}

const hang = () => new Promise<Buffer>(() => undefined);

test('a read that takes too long fails its call only', async () => {
  const database = await openOver(hang, { timeoutMs: 20 });
  const call = Promise.resolve(database.read((view) => view.streetsOf('20020')));
  await expect(call).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect(database.findPostalCode('20020')?.stateProvince).toBe('DC');
  await database.close();
});

test('a hung file system refuses at once when the queue is full', async () => {
  const database = await openOver(hang, { timeoutMs: 50, concurrentReads: 1, waitingReads: 1 });
  const ask = (longitude: number) =>
    Promise.resolve(database.read((view) => view.pointsNear({ longitude, latitude: 38.867 }, 10, 1)));
  const calls = [Promise.resolve(database.read((view) => view.streetsOf('20020'))), ask(-76.979)];
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await database.close();
});

test('what the file system answers is in the sentence', async () => {
  const database = await openOver(async () => {
    throw Object.assign(new Error('device not configured'), { code: 'ENXIO' });
  });
  const call = Promise.resolve(database.read((view) => view.streetsOf('20020')));
  await expect(call).rejects.toThrow(/addresses\.bin cannot be read: the file system answered ENXIO/);
  await database.close();
});

test('reads of blocks side by side are one read', async () => {
  let reads = 0;
  const database = await openOver((file, position, sizeBytes) => {
    reads += 1;
    return file.read(position, sizeBytes);
  });
  await database.read((view) =>
    view.streetsOf('20020').map((street) => [view.pointsOf(street), view.rangesOf(street)]),
  );
  expect(reads).toBe(1);
  await database.close();
});

/** Handles that answer their own number; a broken one fails every read with its code. */
function createHandles(codes: readonly (string | undefined)[]) {
  const closed: number[] = [];
  let opened = 0;
  const openHandle = async () => {
    const number = opened;
    opened += 1;
    const code = codes[number];
    if (code === 'ENOENT') throw Object.assign(new Error(code), { code });
    const read = async (buffer: Buffer) => {
      await new Promise((done) => setImmediate(done));
      if (code !== undefined) throw Object.assign(new Error(code), { code });
      buffer[0] = number;
      return { bytesRead: 1, buffer };
    };
    return { read: read as unknown as FileHandle['read'], close: async () => void closed.push(number) };
  };
  return { openHandle, closed };
}

test.each(['ESTALE', 'EIO', 'EBADF'])(
  'after %s the file is opened anew, once for all reads that met it',
  async (code) => {
    const { openHandle, closed } = createHandles([code]);
    const file = await openPositionalFile('addresses.bin', openHandle);
    const reads = await Promise.all([file.read(0, 1), file.read(5, 1), file.read(9, 1)]);
    expect(reads.map((bytes) => bytes[0])).toEqual([1, 1, 1]);
    expect(closed).toEqual([0]);
    await file.close();
    expect(closed).toEqual([0, 1]);
  },
);

test('a file that cannot be opened anew fails its read, and the next read tries again', async () => {
  const { openHandle } = createHandles(['ESTALE', 'ENOENT']);
  const file = await openPositionalFile('addresses.bin', openHandle);
  await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await file.read(0, 1))[0]).toBe(2);
});

test("other errors are the caller's", async () => {
  const { openHandle } = createHandles(['EISDIR']);
  const file = await openPositionalFile('addresses.bin', openHandle);
  await expect(file.read(0, 1)).rejects.toMatchObject({ code: 'EISDIR' });
});
