/** Refusal of a queue that is full; the caller should come back later. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export interface BoundedQueueOptions {
  /** Tasks running at once. */
  readonly concurrency: number;
  /** Tasks waiting, all keys together. */
  readonly waiting: number;
  /** Tasks running or waiting for one key, so that one key cannot fill the queue. */
  readonly perKey: number;
}

/** Runs asynchronous tasks a few at a time and refuses more than it can hold. */
export class BoundedQueue {
  readonly #options: BoundedQueueOptions;
  readonly #waiting: (() => void)[] = [];
  readonly #countByKey = new Map<string, number>();
  #running = 0;

  constructor(options: BoundedQueueOptions) {
    this.#options = options;
  }

  /** Runs `task` when its turn comes; rejects with `QueueFullError` at once when there is no room. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const count = this.#countByKey.get(key) ?? 0;
    if (count >= this.#options.perKey || this.#isFull()) throw new QueueFullError(`no room for ${key}`);
    this.#countByKey.set(key, count + 1);
    try {
      await this.#turn();
      return await task();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
      this.#leave(key);
    }
  }

  #isFull(): boolean {
    return this.#running >= this.#options.concurrency && this.#waiting.length >= this.#options.waiting;
  }

  async #turn(): Promise<void> {
    if (this.#running >= this.#options.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running += 1;
  }

  #leave(key: string): void {
    const left = (this.#countByKey.get(key) ?? 1) - 1;
    if (left === 0) this.#countByKey.delete(key);
    else this.#countByKey.set(key, left);
  }
}
