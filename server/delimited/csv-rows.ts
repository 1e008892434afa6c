import { SpectrumError } from '../foundation/errors.ts';

/** A record of a delimited file and the line on which it begins. */
export interface CsvRow {
  readonly line: number;
  readonly values: readonly string[];
}

/** A quote that nobody closes must not take the rest of the file into memory. */
const longestRow = 8_388_608;

const delimiters = [',', '\t', '|', ';'] as const;

/**
 * Cuts delimited text (RFC 4180) into rows, piece by piece. The delimiter is that of four which the first line has most
 * of, unless it is given; the first line's number is 1, unless the text begins further down its file.
 */
export class CsvRows {
  #rest = '';
  #line: number;
  #delimiter: string;

  constructor(delimiter = '', firstLine = 1) {
    this.#delimiter = delimiter;
    this.#line = firstLine;
  }

  /** The rows that `text` completes. */
  push(text: string): CsvRow[] {
    const whole = this.#rest + (this.#line === 1 && this.#rest === '' ? text.replace(/^\uFEFF/, '') : text);
    if (this.#delimiter === '') {
      const end = whole.indexOf('\n');
      if (end < 0) {
        this.#rest = whole;
        return [];
      }
      this.#delimiter = findDelimiter(whole.slice(0, end));
    }
    return whole.includes('"') ? this.#cutQuoted(whole) : this.#cutPlain(whole);
  }

  /** The row without a line end at the end of the file. */
  end(): CsvRow[] {
    return this.#rest === '' ? [] : this.push('\n');
  }

  #cutPlain(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#take(rows, text, from, end);
      from = end + 1;
    }
    this.#rest = text.slice(from);
    return rows;
  }

  #take(rows: CsvRow[], text: string, from: number, end: number): void {
    const last = text.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end;
    if (last > from) rows.push({ line: this.#line, values: text.slice(from, last).split(this.#delimiter) });
    this.#line += 1;
  }

  #cutQuoted(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf('\n', from);
      if (end < 0) break;
      const quote = text.indexOf('"', from);
      if (quote < 0 || quote > end) {
        this.#take(rows, text, from, end);
        from = end + 1;
        continue;
      }
      const read = readQuotedRow(text, from, this.#delimiter);
      if (!read) break;
      rows.push({ line: this.#line, values: read.values });
      this.#line += read.lines;
      from = read.next;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > longestRow) {
      const sentence = `the row that begins on line ${this.#line} does not end within ${longestRow} characters; a quote is missing there`;
      throw new SpectrumError('INVALID_SETTING', sentence, { line: this.#line });
    }
    return rows;
  }
}

function findDelimiter(header: string): string {
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Undefined when the row does not end in `text`. */
function readQuotedRow(
  text: string,
  from: number,
  delimiter: string,
): { readonly values: string[]; readonly lines: number; readonly next: number } | undefined {
  const values: string[] = [];
  let lines = 1;
  let at = from;
  for (;;) {
    let value = '';
    if (text[at] === '"') {
      const end = findClosingQuote(text, at + 1);
      if (end < 0) return undefined;
      value = text.slice(at + 1, end).replaceAll('""', '"');
      for (const letter of value) if (letter === '\n') lines += 1;
      at = end + 1;
    }
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1;
    if (at >= text.length) return undefined;
    values.push(value + text.slice(start, at).replace(/\r$/, ''));
    at += 1;
    if (text[at - 1] === '\n') return { values, lines, next: at };
  }
}

function findClosingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  // A quote at the very end may be the first of a doubled one.
  return at === text.length - 1 ? -1 : at;
}
