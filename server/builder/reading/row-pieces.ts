import { SpectrumError } from '../../foundation/errors.ts';
import type { BytePiece } from './text-file.ts';

const pieceBytes = 4_194_304;
/** A quote that nobody closes must not take the rest of the file into memory. */
const longestRowBytes = 8_388_608;
const newline = 0x0a;
const quote = 0x22;

/** Thrown where a row does not end; which line that is, the reader of the pieces before knows. */
export class EndlessRow extends Error {}

/**
 * Cuts a file into parts of some megabytes that end where a row ends. Line ends within quotes end no row.
 * @param delimiter after which, or at the start of a row, a quote opens; without one there are no quotes
 */
export async function* cutRows(pieces: AsyncIterable<BytePiece>, delimiter: string): AsyncGenerator<BytePiece> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let bytesRead = 0;
  for await (const piece of pieces) {
    waiting.push(piece.bytes);
    waitingBytes += piece.bytes.length;
    bytesRead = piece.bytesRead;
    if (waitingBytes < pieceBytes) continue;
    const bytes = Buffer.concat(waiting);
    const end = findLastRowEnd(bytes, delimiter);
    if (end === 0 && bytes.length > longestRowBytes) throw new EndlessRow();
    // Copied: what is given away moves to another thread, memory and all.
    const rest = Buffer.from(bytes.subarray(end));
    if (end > 0) yield { bytes: bytes.subarray(0, end), bytesRead };
    waiting = [rest];
    waitingBytes = rest.length;
  }
  const rest = Buffer.concat(waiting);
  if (rest.length > 0) yield { bytes: rest, bytesRead };
}

/** The sentence for a row that has no end. */
export function endlessRow(path: string, line: number): SpectrumError {
  const sentence = `${path}: the row that begins on line ${line} does not end within ${longestRowBytes} bytes; a quote is missing there`;
  return new SpectrumError('INVALID_SETTING', sentence, { path, line });
}

/** The first line of a file, and a file without it. */
export async function takeFirstLine(
  pieces: AsyncGenerator<BytePiece>,
): Promise<{ readonly line: string; readonly rest: AsyncGenerator<BytePiece> }> {
  const taken: Buffer[] = [];
  let [bytesRead, end] = [0, -1];
  while (end < 0) {
    const { done, value } = await pieces.next();
    if (done) break;
    taken.push(value.bytes);
    bytesRead = value.bytesRead;
    if (value.bytes.includes(newline)) end = Buffer.concat(taken).indexOf(newline);
  }
  const bytes = Buffer.concat(taken);
  const line = bytes
    .toString('utf8', 0, end < 0 ? bytes.length : end)
    .replace(/^\uFEFF/, '')
    .replace(/\r$/, '');
  const after = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 1);
  return { line, rest: continueWith({ bytes: after, bytesRead }, pieces) };
}

async function* continueWith(first: BytePiece, others: AsyncGenerator<BytePiece>): AsyncGenerator<BytePiece> {
  if (first.bytes.length > 0) yield first;
  yield* others;
}

/** Behind the last line end that is not within quotes; 0 when there is none. `bytes` begin with a row. */
function findLastRowEnd(bytes: Buffer, delimiter: string): number {
  if (delimiter === '') return bytes.lastIndexOf(newline) + 1;
  const before = delimiter.charCodeAt(0);
  for (let at = bytes.indexOf(quote); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    const previous = at === 0 ? newline : bytes[at - 1];
    if (previous !== newline && previous !== before) continue;
    const close = findClosingQuote(bytes, at + 1);
    if (close < 0) return bytes.lastIndexOf(newline, at) + 1;
    at = close;
  }
  return bytes.lastIndexOf(newline) + 1;
}

/** A quote at the very end may be the first of a doubled one. */
function findClosingQuote(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(quote, from);
  while (at >= 0 && bytes[at + 1] === quote) at = bytes.indexOf(quote, at + 2);
  return at === bytes.length - 1 ? -1 : at;
}
