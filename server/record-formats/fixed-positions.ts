import type { FileField, FileLayout } from './file-settings.ts';
import type { RecordCutter, RecordFormatter } from './format.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** A field without a position follows the one before. */
function spansOf(fields: readonly FileField[]): readonly Span[] {
  let next = 0;
  return fields.map(({ position, length = 0 }) => {
    const from = position === undefined ? next : position - 1;
    next = from + length;
    return { from, to: next };
  });
}

function lengthOf({ recordLength, fields }: FileLayout): number {
  return recordLength ?? Math.max(...spansOf(fields).map(({ to }) => to));
}

/** Fields of records that follow each other without a separator. A rest that is only an end of line is no record. */
export function createFixedWidthCutter(layout: FileLayout): RecordCutter {
  const length = lengthOf(layout);
  const spans = spansOf(layout.fields);
  return {
    cut(text, isLast, take) {
      let from = 0;
      for (; from + length <= text.length; from += length) take(cutSpans(text.slice(from, from + length), spans));
      if (!isLast) return from;
      if (/[^\r\n]/.test(text.slice(from))) take(cutSpans(text.slice(from), spans));
      return text.length;
    },
  };
}

/** A line that nobody ends must not take the rest of the file into memory. */
const longestLine = 8_388_608;

/** Lines as they are, each a record of one text. */
export function createLineCutter(recordSeparator: string): RecordCutter {
  return {
    cut(text, isLast, take) {
      let from = 0;
      while (from < text.length) {
        const end = text.indexOf(recordSeparator, from);
        if (end < 0 && !isLast) break;
        const stop = end < 0 ? text.length : end;
        take([withoutReturn(text.slice(from, stop), recordSeparator)]);
        from = end < 0 ? text.length : end + recordSeparator.length;
      }
      if (text.length - from <= longestLine) return from;
      take(undefined, `it does not end within ${longestLine} characters`, text.slice(from, from + 200));
      return text.length;
    },
  };
}

/** Fields of lines by their positions. */
export function createLineSequentialCutter(layout: FileLayout, recordSeparator: string): RecordCutter {
  const lines = createLineCutter(recordSeparator);
  const spans = spansOf(layout.fields);
  return {
    cut: (text, isLast, take) =>
      lines.cut(text, isLast, (values, reason, malformed) =>
        take(values && cutSpans(values[0] ?? '', spans), reason, malformed),
      ),
  };
}

/** Files change systems: reading `LF` takes `CRLF` too. */
function withoutReturn(line: string, recordSeparator: string): string {
  return recordSeparator === '\n' && line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** Fields behind the end of a short record are missing. */
function cutSpans(record: string, spans: readonly Span[]): string[] {
  const values: string[] = [];
  for (const { from, to } of spans) {
    if (from >= record.length && from > 0) break;
    values.push(record.slice(from, to));
  }
  return values;
}

/** Values at their positions, filled up by spaces and cut where they are too long; ends of lines become spaces. */
export function createFixedPositionFormatter(layout: FileLayout, recordSeparator: string): RecordFormatter {
  const spans = spansOf(layout.fields);
  const isInOrder = spans.every(({ from }, index) => from >= (spans[index - 1]?.to ?? 0));
  const length = Math.max(lengthOf(layout), ...spans.map(({ to }) => to));
  const toWidth = (value: string, { from, to }: Span) =>
    value
      .replaceAll(/[\r\n]/g, ' ')
      .slice(0, to - from)
      .padEnd(to - from);
  return {
    format(values) {
      let record = '';
      for (const [index, span] of spans.entries()) {
        const value = toWidth(values[index] ?? '', span);
        record = isInOrder
          ? record.padEnd(span.from) + value
          : record.padEnd(span.to).slice(0, span.from) + value + record.slice(span.to);
      }
      return record.padEnd(length) + recordSeparator;
    },
  };
}
