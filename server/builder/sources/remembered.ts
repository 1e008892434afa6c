/** So many results are kept: the streets of a state, which a file has side by side, in some sixty megabytes. */
const limit = 262_144;

/** A pure function that remembers what it answered; forgets all when it has remembered much. */
export class Remembered<Result> {
  readonly #results = new Map<string, Result>();

  constructor(readonly compute: (text: string) => Result) {}

  of(text: string): Result {
    const known = this.#results.get(text);
    if (known !== undefined) return known;
    const result = this.compute(text);
    if (this.#results.size >= limit) this.#results.clear();
    // Cut out of a piece of file, a text would keep the whole piece in memory.
    this.#results.set(Buffer.from(text, 'utf8').toString('utf8'), result);
    return result;
  }
}
