import type { Row } from './values.ts';

/** What travels through a channel: rows, or the mark behind which a checkpoint begins anew. */
export type ChannelItem =
  | { readonly kind: 'rows'; readonly rows: Row[] }
  | { readonly kind: 'barrier'; readonly number: number };

/** Batches under way between two stages; a fast stage waits for a slow one. */
const capacity = 4;

/** A bounded queue with one reader; several may write to it, as the inputs of a stage do. */
export class Channel {
  readonly #items: ChannelItem[] = [];
  #isEnded = false;
  #failure: { readonly error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #waitingWriters: (() => void)[] = [];

  /** The promise, when there is one, resolves when the reader has made room. Throws once the channel has failed. */
  push(item: ChannelItem): void | Promise<void> {
    this.#assertSound();
    this.#items.push(item);
    this.#wakeReader?.();
    if (this.#items.length >= capacity) return this.#waitForRoom();
  }

  /** The next item, in order; undefined behind the last one. Throws once the channel has failed. */
  pull(): ChannelItem | undefined | Promise<ChannelItem | undefined> {
    this.#assertSound();
    if (this.#items.length === 0 && !this.#isEnded) return this.#waitForItem();
    const item = this.#items.shift();
    this.#wakeWriters();
    return item;
  }

  /** No more items come. */
  end(): void {
    this.#isEnded = true;
    this.#wakeReader?.();
  }

  /** Both ends throw `error` from now on. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wakeReader?.();
    this.#wakeWriters();
  }

  async #waitForItem(): Promise<ChannelItem | undefined> {
    await new Promise<void>((resolve) => {
      this.#wakeReader = resolve;
    });
    this.#wakeReader = undefined;
    return this.pull();
  }

  async #waitForRoom(): Promise<void> {
    while (this.#failure === undefined && this.#items.length >= capacity) {
      await new Promise<void>((resolve) => {
        this.#waitingWriters.push(resolve);
      });
    }
    this.#assertSound();
  }

  #wakeWriters(): void {
    const waiting = this.#waitingWriters;
    this.#waitingWriters = [];
    for (const wake of waiting) wake();
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
