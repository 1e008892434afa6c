/** Calls that are under way at the same time, their answers given on in the order of the calls. */
export class CallsInFlight<Answer> {
  readonly #limit: number;
  readonly #give: (answer: Answer) => void | Promise<void>;
  #count = 0;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(limit: number, give: (answer: Answer) => void | Promise<void>) {
    this.#limit = limit;
    this.#give = give;
  }

  /** Resolves when the call has begun. Throws what an earlier one, or giving its answer on, has thrown. */
  async add(call: () => Answer | Promise<Answer>): Promise<void> {
    while (this.#count >= this.#limit) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#assertSound();
    this.#count++;
    const answer = (async () => call())();
    // An answer is given as soon as those before it are: whoever joins streams may wait for it and feed no more.
    this.#last = Promise.allSettled([answer, this.#last]).then(() => this.#settle(answer));
  }

  /** Resolves when every answer has been given on. */
  async drain(): Promise<void> {
    await this.#last;
    this.#assertSound();
  }

  async #settle(answer: Promise<Answer>): Promise<void> {
    try {
      const given = await answer;
      if (this.#failure === undefined) await this.#give(given);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#count--;
    this.#wake?.();
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
