import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SpectrumError } from '../../foundation/errors.ts';
import { listZipEntries, streamZipEntry } from './zip-archive.ts';

/** A piece of a file's content, and how many bytes of the file as it lies on disk were read so far. */
export interface BytePiece {
  readonly bytes: Buffer;
  readonly bytesRead: number;
}

/** The content of a file, plain, `.gz` or the one entry of a `.zip` with a fitting ending, piece by piece. */
export async function* readBytes(path: string, endings: readonly string[]): AsyncGenerator<BytePiece> {
  const { stream, bytesRead } = await openStream(path, endings);
  for await (const chunk of stream) yield { bytes: chunk as Buffer, bytesRead: bytesRead() };
}

async function openStream(
  path: string,
  endings: readonly string[],
): Promise<{ readonly stream: Readable; bytesRead(): number }> {
  if (path.toLowerCase().endsWith('.zip')) {
    const entries = (await listZipEntries(path)).filter(({ name }) => endings.some((end) => isEnding(name, end)));
    const [entry] = entries;
    if (!entry || entries.length > 1) {
      const sentence = `${path} holds ${entries.length} files ending in ${endings.join(' or ')}; give an archive with one`;
      throw new SpectrumError('INVALID_SETTING', sentence, { path, files: entries.length });
    }
    const stream = await streamZipEntry(path, entry);
    let bytes = 0;
    const share = entry.compressedBytes / Math.max(1, entry.sizeBytes);
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.pause();
    return { stream, bytesRead: () => Math.round(bytes * share) };
  }
  const file = createReadStream(path, { highWaterMark: 262_144 });
  if (!path.toLowerCase().endsWith('.gz')) return { stream: file, bytesRead: () => file.bytesRead };
  const gunzip = createGunzip({ chunkSize: 262_144 });
  file.on('error', (error) => gunzip.destroy(error));
  return { stream: file.pipe(gunzip), bytesRead: () => file.bytesRead };
}

function isEnding(name: string, ending: string): boolean {
  // What macOS packs beside each file is no data.
  return name.toLowerCase().endsWith(ending) && !name.startsWith('__MACOSX/');
}
