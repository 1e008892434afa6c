import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../dataflow/index.ts';
import type { RowCodec } from './row-codec.ts';
import type { RowCursor } from './row-cursor.ts';
import { estimateRowBytes } from './row-size.ts';

/** Rows that are written and read at once: about this much memory for each open file. */
const frameBytes = 131_072;
/** Length of a frame, little-endian, in front of it. */
const headerBytes = 4;

/** The files of one stage; made when the first one is needed. Reading and writing blocks: a run has a thread of its own. */
export class SpillFolder {
  readonly #parent: string;
  #path: string | undefined;
  #files = 0;

  constructor(parent: string) {
    this.#parent = parent;
  }

  create(codec: RowCodec): SpillFile {
    this.#path ??= mkdtempSync(join(this.#parent, 'rows-'));
    return new SpillFile(join(this.#path, `${this.#files++}.rows`), codec);
  }

  remove(): void {
    if (this.#path !== undefined) rmSync(this.#path, { recursive: true, force: true });
  }
}

/** Rows on disk: written once, then read as often as wanted. */
export class SpillFile {
  readonly #path: string;
  readonly #codec: RowCodec;
  #descriptor: number | undefined;
  #waiting: Row[] = [];
  #waitingBytes = 0;

  constructor(path: string, codec: RowCodec) {
    this.#path = path;
    this.#codec = codec;
    this.#descriptor = openSync(path, 'wx+');
  }

  write(row: Row): void {
    this.#waiting.push(row);
    this.#waitingBytes += estimateRowBytes(row);
    if (this.#waitingBytes >= frameBytes) this.#writeFrame();
  }

  /** A cursor from the first row on; nothing may be written while it is in use. */
  open(): RowCursor {
    this.#writeFrame();
    return new SpillCursor(this.#descriptor as number, this.#codec);
  }

  remove(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    unlinkSync(this.#path);
  }

  #writeFrame(): void {
    if (this.#waiting.length === 0) return;
    const body = Buffer.from(this.#codec.encode(this.#waiting), 'utf8');
    this.#waiting = [];
    this.#waitingBytes = 0;
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32LE(body.length);
    writeAll(this.#descriptor as number, header);
    writeAll(this.#descriptor as number, body);
  }
}

class SpillCursor implements RowCursor {
  readonly #descriptor: number;
  readonly #codec: RowCodec;
  readonly #header = Buffer.alloc(headerBytes);
  #offset = 0;
  #rows: Row[] = [];
  #at = 0;

  constructor(descriptor: number, codec: RowCodec) {
    this.#descriptor = descriptor;
    this.#codec = codec;
  }

  next(): Row | undefined {
    if (this.#at === this.#rows.length && !this.#readFrame()) return undefined;
    return this.#rows[this.#at++];
  }

  #readFrame(): boolean {
    if (readSync(this.#descriptor, this.#header, 0, headerBytes, this.#offset) < headerBytes) return false;
    const body = Buffer.allocUnsafe(this.#header.readUInt32LE());
    let read = 0;
    while (read < body.length) {
      read += readSync(this.#descriptor, body, read, body.length - read, this.#offset + headerBytes + read);
    }
    this.#offset += headerBytes + body.length;
    this.#rows = this.#codec.decode(body.toString('utf8'));
    this.#at = 0;
    return true;
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(descriptor, bytes, written);
}
