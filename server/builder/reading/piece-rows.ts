import { isAscii } from 'node:buffer';

/** Of ASCII the fast decoder makes the same text. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isAscii(buffer) ? buffer.toString('latin1') : buffer.toString('utf8');
}

/**
 * Calls `visit` with each row of delimited text (RFC 4180) that holds whole rows, and the line on which it begins; returns
 * the number of lines. `values` is the same array each time, filled only where `needed` says so.
 */
export function eachRow(
  text: string,
  delimiter: string,
  needed: readonly boolean[],
  visit: (line: number, values: readonly string[]) => void,
): number {
  const values = needed.map(() => '');
  let line = 1;
  // Not `indexOf`: where no quote is met the compiler of V8 takes its result for unchanging and searches anew in each row.
  let quoteAt = text.search(/"/);
  for (let from = 0; from < text.length; ) {
    let end = text.indexOf('\n', from);
    if (end < 0) end = text.length;
    if (quoteAt >= 0 && quoteAt < from) quoteAt = text.indexOf('"', from);
    if (quoteAt >= 0 && quoteAt < end) {
      const read = readQuotedRow(text, from, delimiter, values);
      visit(line, values);
      line += read.lines;
      from = read.next;
      continue;
    }
    const last = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (last > from) {
      readPlainRow(text, from, last, delimiter, needed, values);
      visit(line, values);
    }
    line += 1;
    from = end + 1;
  }
  return line - 1;
}

function readPlainRow(
  text: string,
  from: number,
  last: number,
  delimiter: string,
  needed: readonly boolean[],
  values: string[],
): void {
  let at = from;
  for (let column = 0; column < values.length; column += 1) {
    if (at > last) {
      values[column] = '';
      continue;
    }
    let end = text.indexOf(delimiter, at);
    if (end < 0 || end > last) end = last;
    values[column] = needed[column] ? text.slice(at, end) : '';
    at = end + 1;
  }
}

function readQuotedRow(
  text: string,
  from: number,
  delimiter: string,
  values: string[],
): { readonly lines: number; readonly next: number } {
  values.fill('');
  let lines = 1;
  let at = from;
  for (let column = 0; ; column += 1) {
    let value = '';
    if (text[at] === '"') {
      const end = findClosingQuote(text, at + 1);
      value = text.slice(at + 1, end).replaceAll('""', '"');
      for (let next = value.indexOf('\n'); next >= 0; next = value.indexOf('\n', next + 1)) lines += 1;
      at = end + 1;
    }
    const start = at;
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at += 1;
    if (column < values.length) values[column] = value + text.slice(start, at).replace(/\r$/, '');
    at += 1;
    if (at > text.length || text[at - 1] === '\n') return { lines, next: at };
  }
}

/** The end of the text where a file ends within quotes. */
function findClosingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}
