import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { SpectrumError } from '../../foundation/errors.ts';

/** One file inside a ZIP archive (PKWARE APPNOTE 4.3.12, 4.5.3). */
export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly method: number;
  readonly headerAt: number;
}

const endSignature = 0x06054b50;
const largeEndSignature = 0x06064b50;
const entrySignature = 0x02014b50;
const largestCommentBytes = 65_535;
const unknown32 = 0xffffffff;

/** The files of an archive, in its order; throws `INVALID_SETTING` when it is none. */
export async function listZipEntries(path: string): Promise<readonly ZipEntry[]> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const tailBytes = Math.min(size, largestCommentBytes + 22 + 76);
    const tail = await readAt(handle, size - tailBytes, tailBytes);
    const end = findLast(tail, endSignature);
    if (end < 0) throw damaged(path, 'it has no end of central directory');
    const large = findLast(tail, largeEndSignature);
    const isLarge = large >= 0 && tail.readUInt32LE(end + 16) === unknown32;
    const count = isLarge ? Number(tail.readBigUInt64LE(large + 32)) : tail.readUInt16LE(end + 10);
    const bytes = isLarge ? Number(tail.readBigUInt64LE(large + 40)) : tail.readUInt32LE(end + 12);
    const at = isLarge ? Number(tail.readBigUInt64LE(large + 48)) : tail.readUInt32LE(end + 16);
    return readDirectory(await readAt(handle, at, bytes), count, path);
  } finally {
    await handle.close();
  }
}

/** All bytes of a small entry. */
export async function readZipEntry(path: string, entry: ZipEntry): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const packed = await readAt(handle, await findData(handle, entry, path), entry.compressedBytes);
    const bytes = entry.method === 0 ? packed : inflateRawSync(packed);
    if (bytes.length !== entry.sizeBytes) throw damaged(path, `${entry.name} is not as long as it says`);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The bytes of an entry as a stream, for entries of any size. */
export async function streamZipEntry(path: string, entry: ZipEntry): Promise<Readable> {
  const handle = await open(path, 'r');
  const start = await findData(handle, entry, path);
  if (entry.compressedBytes === 0) {
    await handle.close();
    throw damaged(path, `${entry.name} is empty`);
  }
  const packed = handle.createReadStream({ start, end: start + entry.compressedBytes - 1, highWaterMark: 262_144 });
  if (entry.method === 0) return packed;
  const inflate = createInflateRaw({ chunkSize: 262_144 });
  packed.on('error', (error) => inflate.destroy(error));
  return packed.pipe(inflate);
}

function readDirectory(directory: Buffer, count: number, path: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0, left = count; left > 0; left -= 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) {
      throw damaged(path, 'its directory is cut');
    }
    const [nameBytes, extraBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30)];
    const method = directory.readUInt16LE(at + 10);
    const name = directory.toString('utf8', at + 46, at + 46 + nameBytes);
    if (method !== 0 && method !== 8)
      throw damaged(path, `${name} is packed by method ${method}, not stored or deflated`);
    const extra = directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    const sizes = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
    const [sizeBytes = 0, compressedBytes = 0, headerAt = 0] = widen(sizes, extra);
    entries.push({ name, sizeBytes, compressedBytes, method, headerAt });
    at += 46 + nameBytes + extraBytes + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Numbers that do not fit 32 bits stand, in the same order, in the extra field 1. */
function widen(numbers: readonly number[], extra: Buffer): number[] {
  let wide: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) wide = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let at = 0;
  return numbers.map((number) => {
    if (number !== unknown32 || at + 8 > wide.length) return number;
    at += 8;
    return Number(wide.readBigUInt64LE(at - 8));
  });
}

async function findData(handle: FileHandle, entry: ZipEntry, path: string): Promise<number> {
  const header = await readAt(handle, entry.headerAt, 30);
  if (header.length < 30) throw damaged(path, `${entry.name} is cut`);
  return entry.headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}

function findLast(bytes: Buffer, signature: number): number {
  const wanted = Buffer.alloc(4);
  wanted.writeUInt32LE(signature);
  return bytes.lastIndexOf(wanted);
}

function damaged(path: string, reason: string): SpectrumError {
  return new SpectrumError('INVALID_SETTING', `${path} cannot be read as a ZIP archive: ${reason}`, { path, reason });
}
