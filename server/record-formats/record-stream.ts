import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SpectrumError } from '../foundation/errors.ts';
import type { Encoding } from './encoding.ts';
import type { RecordCutter } from './format.ts';

export interface RecordStreamProps {
  /** Bytes of the file from an offset on. */
  read(fromByte: number): AsyncIterable<Uint8Array>;
  readonly isCompressed: boolean;
  readonly encoding: Encoding;
  readonly cutter: RecordCutter;
  /** What stands behind every record; its last character ends a line. Undefined when nothing does. */
  readonly recordSeparator: string | undefined;
  /** Pieces are put together, or cut, to about this size. */
  readonly blockBytes?: number;
  /** Where an earlier reader was. */
  readonly from?: StreamPosition;
}

/** Behind a record: bytes of the text, decompressed where it is compressed, and records before it. */
export interface StreamPosition {
  readonly byte: number;
  readonly record: number;
}

export interface RecordBlock {
  readonly records: CutRecord[];
  readonly position: StreamPosition;
}

/** The values of a record, or why it has none. */
export type CutRecord = string[] | MalformedText;

export class MalformedText {
  constructor(
    readonly reason: string,
    readonly text: string,
  ) {}
}

/**
 * A few hundred records: what a batch becomes on its way through services is gone before the garbage collector would
 * have to carry it along, as it did with some thousand.
 */
const defaultBlockBytes = 16_384;

/** The records of one file, block by block, each with the position behind it. */
export async function* streamRecords(props: RecordStreamProps): AsyncGenerator<RecordBlock> {
  const { encoding, cutter, recordSeparator } = props;
  const from = props.from ?? { byte: 0, record: 0 };
  const lineEnd = recordSeparator === undefined ? undefined : encoding.encode(recordSeparator.slice(-1));
  let { byte, record } = from;
  let carried: Buffer = Buffer.alloc(0);
  let rest = '';
  const cut = (text: string, isLast: boolean): CutRecord[] => {
    const records: CutRecord[] = [];
    const used = cutter.cut(text, isLast, (values, reason = '', malformed = '') => {
      record++;
      records.push(values ?? new MalformedText(reason, malformed));
    });
    rest = text.slice(used);
    return records;
  };
  for await (const piece of readBlocks(props, from.byte)) {
    const bytes = carried.length === 0 ? piece : Buffer.concat([carried, piece]);
    const end = lineEnd === undefined ? encoding.wholeBytes(bytes) : lastIndexBehind(bytes, lineEnd);
    carried = bytes.subarray(end);
    if (carried.length > longestLine) throw refuseLine(record + 1);
    if (end === 0) continue;
    const decoded = encoding.decode(bytes.subarray(0, end));
    const records = cut(rest + (byte === 0 && rest === '' ? withoutMark(decoded) : decoded), false);
    byte += end;
    if (records.length > 0)
      yield { records, position: { byte: byte - (rest === '' ? 0 : encoding.byteLength(rest)), record } };
  }
  const decoded = encoding.decode(carried);
  const last = rest + (byte === 0 ? withoutMark(decoded) : decoded);
  if (last === '') return;
  byte += carried.length;
  yield { records: cut(last, true), position: { byte, record } };
}

/** A file with other line ends, or none, must not come into memory as a whole. */
const longestLine = 16_777_216;

function refuseLine(record: number): SpectrumError {
  const sentence = `record ${record} has no end within ${longestLine} bytes; set recordSeparator as the file has it`;
  return new SpectrumError('MALFORMED_RECORDS', sentence, { record });
}

export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Offset behind the last whole line end; multi-byte ones begin at a multiple of their size. */
function lastIndexBehind(bytes: Buffer, lineEnd: Buffer): number {
  let at = bytes.lastIndexOf(lineEnd);
  while (at >= 0 && at % lineEnd.length !== 0) at = at === 0 ? -1 : bytes.lastIndexOf(lineEnd, at - 1);
  return at < 0 ? 0 : at + lineEnd.length;
}

/** Bytes of a file, decompressed, in blocks of some size. */
export async function* readBlocks(
  {
    read,
    isCompressed,
    blockBytes = defaultBlockBytes,
  }: Pick<RecordStreamProps, 'read' | 'isCompressed' | 'blockBytes'>,
  fromByte: number,
): AsyncGenerator<Buffer> {
  const plain = isCompressed ? skip(Readable.from(read(0)).pipe(createGunzip()), fromByte) : read(fromByte);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  for await (const piece of plain) {
    waiting.push(piece);
    waitingBytes += piece.length;
    if (waitingBytes < blockBytes) continue;
    yield* cutBlocks(toBuffer(waiting), blockBytes);
    waiting = [];
    waitingBytes = 0;
  }
  if (waitingBytes > 0) yield toBuffer(waiting);
}

/** Files are read in larger pieces than they are worked on. */
function* cutBlocks(bytes: Buffer, blockBytes: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += blockBytes) yield bytes.subarray(from, from + blockBytes);
}

function toBuffer(pieces: readonly Uint8Array[]): Buffer {
  const [first] = pieces;
  if (pieces.length > 1 || first === undefined) return Buffer.concat(pieces);
  return Buffer.from(first.buffer, first.byteOffset, first.length);
}

/** What is compressed can only be read from its beginning. */
async function* skip(pieces: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const piece of pieces) {
    if (left < piece.length) yield left === 0 ? piece : piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}
