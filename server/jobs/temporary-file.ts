import { type FileHandle, open } from 'node:fs/promises';
import type { OutputFile } from '../dataflow/index.ts';

/** Bytes are put together to few large writes, which suit a network file system. */
const writeBytes = 1_048_576;

/** A file of one owner of a run, without the name that it will have. */
export class TemporaryFile implements OutputFile {
  readonly #handle: FileHandle;
  #size: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #isClosed = false;

  private constructor(
    handle: FileHandle,
    size: number,
    readonly appendedTo: unknown,
  ) {
    this.#handle = handle;
    this.#size = size;
  }

  static async open(path: string, appendedTo: unknown): Promise<TemporaryFile> {
    const handle = await open(path, 'a');
    return new TemporaryFile(handle, (await handle.stat()).size, appendedTo);
  }

  get sizeBytes(): number {
    return this.#size;
  }

  write(bytes: Uint8Array): void | Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#size += bytes.length;
    if (this.#waitingBytes >= writeBytes) return this.#flush();
  }

  async sync(): Promise<void> {
    await this.#flush();
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#flush().finally(() => this.#handle.close());
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (waiting.length > 0) await this.#handle.appendFile(Buffer.concat(waiting));
  }
}
