import { createTextParser, type Row, type TextParser } from '../dataflow/index.ts';
import { type FileField, formatsOf } from './file-settings.ts';

export interface RowReaderOptions {
  /** Whether a record with fewer or more values than fields is malformed; otherwise null fills up, and the rest is cut. */
  readonly fewerIsMalformed: boolean;
  readonly moreIsMalformed: boolean;
  /** What becomes of a text that is no value of its field's type. */
  readonly onNoValue: 'malformed' | 'null';
}

/** Makes rows of the texts of records. */
export class RowReader {
  readonly #fields: readonly FileField[];
  readonly #options: RowReaderOptions;
  /** Only the fields whose text is not the value itself. */
  readonly #parsers: readonly { readonly index: number; readonly parse: TextParser }[];

  constructor(fields: readonly FileField[], options: RowReaderOptions) {
    this.#fields = fields;
    this.#options = options;
    this.#parsers = fields.flatMap((field, index) => {
      if (field.type === 'string') return field.trim ? [{ index, parse: (text: string) => text.trim() }] : [];
      return [{ index, parse: createTextParser(field.type, formatsOf(field)) }];
    });
  }

  /** The row of a record, in the same array; or a sentence that says why it is malformed. */
  read(values: string[]): Row | string {
    const width = this.#fields.length;
    const row: Row = values;
    if (values.length !== width) {
      const problem = this.#fit(row, width);
      if (problem !== undefined) return problem;
    }
    for (const { index, parse } of this.#parsers) {
      const text = row[index] as string | null;
      if (text === null) continue;
      const value = parse(text);
      if (value === undefined && this.#options.onNoValue === 'malformed') return this.#refuse(index, text);
      row[index] = value ?? null;
    }
    return row;
  }

  #fit(row: Row, width: number): string | undefined {
    const { fewerIsMalformed, moreIsMalformed } = this.#options;
    const { length } = row;
    if (length < width ? fewerIsMalformed : moreIsMalformed) {
      return `it has ${length} field${length === 1 ? '' : 's'}; ${width} are expected`;
    }
    while (row.length < width) row.push(null);
    row.length = width;
    return undefined;
  }

  #refuse(index: number, text: string): string {
    const { name = '', type = '', format } = this.#fields[index] ?? {};
    return `${name}: ${JSON.stringify(text.slice(0, 60))} is no ${type}${format ? ` written as ${format}` : ''}`;
  }
}
