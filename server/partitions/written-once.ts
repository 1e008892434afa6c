import { createHash, type Hash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SpectrumError } from '../foundation/errors.ts';
import { formatLocation, type Location, type ObjectStore, readPieces } from '../object-store/index.ts';

const flushBytes = 2 ** 20;

/** A text object that comes into being whole or not at all, and is never replaced. */
export class WrittenOnce {
  readonly #hash: Hash = createHash('sha256');
  #waiting: string[] = [];
  #waitingLength = 0;
  #sizeBytes = 0;

  private constructor(
    readonly store: ObjectStore,
    readonly location: Location,
    readonly staged: string,
    readonly file: FileHandle,
  ) {}

  static async create(store: ObjectStore, location: Location): Promise<WrittenOnce> {
    const staged = await store.stage(location);
    return new WrittenOnce(store, location, staged, await open(staged, 'wx', 0o644));
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#waitingLength += text.length;
    if (this.#waitingLength >= flushBytes) await this.#flush();
  }

  /**
   * Size and digest of what is there now. An earlier try may have written the same; throws `OBJECT_IN_USE` when the
   * content there is another.
   */
  async finish(): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
    await this.#flush();
    await this.file.close();
    const sha256 = this.#hash.digest('hex');
    const outcome = await this.store.publish(this.staged, this.location, sha256);
    if (outcome === 'exists') await assertSame(this.store, this.location, sha256);
    return { sizeBytes: this.#sizeBytes, sha256 };
  }

  /** For a file that nobody needs after all. */
  async abandon(): Promise<void> {
    await this.file.close();
    this.discard();
  }

  /** Leaves nothing behind, also from a signal handler. */
  discard(): void {
    rmSync(this.staged, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#sizeBytes += bytes.length;
    this.#hash.update(bytes);
    // writeFile goes on after a short write, which one `write` call may be.
    await this.file.writeFile(bytes);
  }
}

async function assertSame(store: ObjectStore, location: Location, sha256: string): Promise<void> {
  const found = await store.find(location);
  const hash = createHash('sha256');
  const range = { from: 0, to: found?.sizeBytes ?? 0 };
  for await (const piece of readPieces(store, location, range, found?.mark ?? '')) hash.update(piece);
  if (hash.digest('hex') === sha256) return;
  throw new SpectrumError(
    'OBJECT_IN_USE',
    `${formatLocation(location)} is there with other content, which another run or plan wrote; use another output location`,
  );
}
