// Numbers, since a state is compared for every byte: at a value's beginning, in it, in a quoted one, behind its quote.
const [field, plain, quoted, behindQuote] = [0, 1, 2, 3];

const [quote, lineFeed] = [0x22, 0x0a];

/**
 * Finds where records of delimited text end, in its bytes and without decoding them: a quote opens a value only at its
 * beginning, and inside of one line ends and delimiters are text (RFC 4180), as in `CsvRows`.
 */
export class RecordBounds {
  readonly #delimiter: number;
  #state = field;
  #bytes = 0;
  #lines = 0;

  /** @param delimiter one ASCII character */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Line ends up to the last offset that was given, those inside values too. */
  get lines(): number {
    return this.#lines;
  }

  /** Offset behind each record that `bytes` completes, counted from the first byte ever pushed. */
  *push(bytes: Uint8Array): Generator<number> {
    const delimiter = this.#delimiter;
    let state = this.#state;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === lineFeed) this.#lines += 1;
      if (state === quoted) {
        if (byte === quote) state = behindQuote;
      } else if (byte === lineFeed) {
        state = field;
        yield this.#bytes + at + 1;
      } else if (byte === delimiter) state = field;
      else if (byte === quote && state !== plain) state = quoted;
      else state = plain;
    }
    this.#state = state;
    this.#bytes += bytes.length;
  }
}
