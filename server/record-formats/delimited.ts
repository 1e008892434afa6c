import type { RecordCutter, RecordFormatter } from './format.ts';

export interface DelimitedSyntax {
  /** Between two values. */
  readonly separator: string;
  /** Around values that hold a separator; empty for none. */
  readonly qualifier: string;
  /** Behind a record; `\n` also takes `\r\n`. */
  readonly recordSeparator: string;
}

/** A qualifier that nobody closes must not take the rest of the file into memory. */
const longestRecord = 8_388_608;

/**
 * Cuts delimited text (RFC 4180, with other separators and qualifiers) into values. A qualifier counts at the beginning
 * of a value only; what follows a closed one up to the separator is kept, as programs differ in what they mean by it.
 */
export function createDelimitedCutter(syntax: DelimitedSyntax): RecordCutter {
  const { separator, qualifier, recordSeparator } = syntax;
  const takesCarriageReturn = recordSeparator === '\n';
  const endOfLine = (text: string, from: number, end: number) =>
    takesCarriageReturn && end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;

  return {
    cut(text, isLast, take) {
      let from = 0;
      let nextQualifier = qualifier === '' ? -1 : text.indexOf(qualifier);
      while (from < text.length) {
        const end = text.indexOf(recordSeparator, from);
        if (end < 0 && !isLast) break;
        const stop = end < 0 ? text.length : end;
        if (nextQualifier >= 0 && nextQualifier < from) nextQualifier = text.indexOf(qualifier, from);
        if (nextQualifier < 0 || nextQualifier >= stop) {
          take(text.slice(from, endOfLine(text, from, stop)).split(separator));
          from = end < 0 ? text.length : end + recordSeparator.length;
          continue;
        }
        const record = cutQualified(text, from, syntax, isLast);
        if (record === undefined) break;
        if (typeof record === 'string') {
          take(undefined, record, text.slice(from, from + 200));
          return text.length;
        }
        take(record.values);
        from = record.next;
      }
      if (text.length - from > longestRecord) {
        take(
          undefined,
          `it does not end within ${longestRecord} characters; a ${qualifier} is missing`,
          text.slice(from, from + 200),
        );
        return text.length;
      }
      return from;
    },
  };
}

interface CutRecord {
  readonly values: string[];
  readonly next: number;
}

/** Undefined when the record does not end in `text`; a sentence when it never can. */
function cutQualified(
  text: string,
  from: number,
  syntax: DelimitedSyntax,
  isLast: boolean,
): CutRecord | string | undefined {
  const { separator, qualifier, recordSeparator } = syntax;
  const values: string[] = [];
  for (let at = from; ; ) {
    let value = '';
    if (text.startsWith(qualifier, at)) {
      const close = findClosing(text, at + qualifier.length, qualifier);
      if (close === undefined || (close.mayGoOn && !isLast)) {
        return isLast ? `the value that begins with ${text.slice(at, at + 40)} has no closing ${qualifier}` : undefined;
      }
      value = text.slice(at + qualifier.length, close.end);
      if (close.isDoubled) value = value.replaceAll(qualifier + qualifier, qualifier);
      at = close.end + qualifier.length;
    }
    const nextValue = text.indexOf(separator, at);
    const endOfRecord = text.indexOf(recordSeparator, at);
    if (nextValue >= 0 && (endOfRecord < 0 || nextValue < endOfRecord)) {
      values.push(nextValue === at ? value : value + text.slice(at, nextValue));
      at = nextValue + separator.length;
      continue;
    }
    if (endOfRecord < 0 && !isLast) return undefined;
    const stop = endOfRecord < 0 ? text.length : endOfRecord;
    const tail = text.slice(at, stop);
    values.push(value + (recordSeparator === '\n' && tail.endsWith('\r') ? tail.slice(0, -1) : tail));
    return { values, next: endOfRecord < 0 ? text.length : endOfRecord + recordSeparator.length };
  }
}

function findClosing(text: string, from: number, qualifier: string) {
  let isDoubled = false;
  let end = text.indexOf(qualifier, from);
  while (end >= 0 && text.startsWith(qualifier, end + qualifier.length)) {
    isDoubled = true;
    end = text.indexOf(qualifier, end + 2 * qualifier.length);
  }
  if (end < 0) return undefined;
  // At the very end of what is known, it may be the first of a doubled one.
  return { end, isDoubled, mayGoOn: end + qualifier.length === text.length };
}

/** Writes values so that the cutter reads the same values again. */
export function createDelimitedFormatter({ separator, qualifier, recordSeparator }: DelimitedSyntax): RecordFormatter {
  // A single character of a longer separator counts too: the one before or behind the value could complete it.
  const specials = [...separator, ...recordSeparator, qualifier, '\n', '\r'].filter((text) => text !== '');
  const pattern = new RegExp([...new Set(specials)].map(escapePattern).join('|'));
  const formatValue = (value: string, isAlone: boolean) => {
    // An empty line would be no record at all.
    if (isAlone && value === '' && qualifier !== '') return qualifier + qualifier;
    if (!pattern.test(value)) return value;
    // Without a qualifier a value that looks like two can only lose what separates them.
    if (qualifier === '') return value.replaceAll(new RegExp(pattern, 'g'), ' ');
    return qualifier + value.replaceAll(qualifier, qualifier + qualifier) + qualifier;
  };
  return {
    format(values) {
      let line = formatValue(values[0] ?? '', values.length === 1);
      for (let index = 1; index < values.length; index++) line += separator + formatValue(values[index] ?? '', false);
      return line + recordSeparator;
    },
  };
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
