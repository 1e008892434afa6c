import { SpectrumError } from '../foundation/errors.ts';
import { formatLocation, type Location } from './location.ts';
import type { ByteRange, ObjectStore } from './store.ts';

const pieceBytes = 8 * 2 ** 20;
/** Pieces asked for before they are needed: one connection to S3 gives about 90 MB/s, a task's network far more. */
const piecesAhead = 6;

/** The bytes of a range in order, several pieces on their way at a time; at most 56 MiB in memory. */
export async function* readPieces(
  store: ObjectStore,
  location: Location,
  { from, to }: ByteRange,
  mark: string,
): AsyncGenerator<Uint8Array> {
  const asked: Promise<Uint8Array>[] = [];
  let next = from;
  const ask = () => {
    const piece = store.read(location, { from: next, to: Math.min(to, next + pieceBytes) }, mark);
    // Looked at when its turn comes; until then a failure is nobody's.
    piece.catch(() => undefined);
    asked.push(piece);
    next += pieceBytes;
  };
  while (next < to && asked.length < piecesAhead) ask();
  for (let piece = asked.shift(); piece; piece = asked.shift()) {
    if (next < to) ask();
    yield await piece;
  }
}

/** The whole text of a small object; undefined when it is not there. */
export async function readText(
  store: ObjectStore,
  location: Location,
  limitBytes: number,
): Promise<string | undefined> {
  const found = await store.find(location);
  if (!found) return undefined;
  if (found.sizeBytes > limitBytes) {
    const sentence = `${formatLocation(location)} has ${found.sizeBytes} bytes; at most ${limitBytes} are allowed`;
    throw new SpectrumError('INVALID_SETTING', sentence);
  }
  return Buffer.from(await store.read(location, { from: 0, to: found.sizeBytes }, found.mark)).toString('utf8');
}
