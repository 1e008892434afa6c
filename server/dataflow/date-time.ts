/**
 * Dates and times by pattern, with the letters of Unicode Technical Standard 35 that Spectrum's formats use:
 * `yyyy yy M MM MMM MMMM d dd H HH h hh m mm s ss SSS a`; anything else, and text in single quotes, stands for itself.
 */
export class DateTimePattern {
  readonly #parts: readonly Part[];
  readonly #shape: RegExp;

  /** Throws a RangeError for a letter that is no part of a pattern. */
  constructor(readonly pattern: string) {
    this.#parts = readParts(pattern);
    this.#shape = new RegExp(`^${this.#parts.map((part) => part.shape).join('')}$`, 'iu');
  }

  /** Milliseconds since 1970-01-01 00:00 of the same wall clock; undefined when the text is no such date or time. */
  parse(text: string): number | undefined {
    const match = this.#shape.exec(text);
    if (match === null) return undefined;
    const read: Fields = {
      year: 1970,
      month: 1,
      day: 1,
      hour: 0,
      minute: 0,
      second: 0,
      millisecond: 0,
      half: undefined,
    };
    let group = 1;
    for (const part of this.#parts) if (part.read !== undefined) part.read(read, match[group++] ?? '');
    return toMilliseconds(read);
  }

  format(milliseconds: number): string {
    const date = new Date(milliseconds);
    return this.#parts.map((part) => part.write(date)).join('');
  }
}

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  half: 'am' | 'pm' | undefined;
}

interface Part {
  /** Regular expression; with one group when the part is read. */
  readonly shape: string;
  readonly read?: (fields: Fields, text: string) => void;
  readonly write: (date: Date) => string;
}

const months = 'January February March April May June July August September October November December'.split(' ');

/** A two-digit year is the one within 80 years before and 20 years behind this one (as Java's SimpleDateFormat). */
const pivotYear = new Date().getUTCFullYear() - 80;

const letters: Readonly<Record<string, Part>> = {
  yyyy: digits('\\d{4}', 'year', (date) => date.getUTCFullYear(), 4),
  yy: {
    shape: '(\\d\\d)',
    read(fields, text) {
      const year = pivotYear - (pivotYear % 100) + Number(text);
      fields.year = year < pivotYear ? year + 100 : year;
    },
    write: (date) => String(date.getUTCFullYear() % 100).padStart(2, '0'),
  },
  MMMM: monthName((name) => name),
  MMM: monthName((name) => name.slice(0, 3)),
  MM: digits('\\d\\d', 'month', (date) => date.getUTCMonth() + 1, 2),
  M: digits('\\d{1,2}', 'month', (date) => date.getUTCMonth() + 1, 1),
  dd: digits('\\d\\d', 'day', (date) => date.getUTCDate(), 2),
  d: digits('\\d{1,2}', 'day', (date) => date.getUTCDate(), 1),
  HH: digits('\\d\\d', 'hour', (date) => date.getUTCHours(), 2),
  H: digits('\\d{1,2}', 'hour', (date) => date.getUTCHours(), 1),
  hh: digits('\\d\\d', 'hour', (date) => date.getUTCHours() % 12 || 12, 2),
  h: digits('\\d{1,2}', 'hour', (date) => date.getUTCHours() % 12 || 12, 1),
  mm: digits('\\d\\d', 'minute', (date) => date.getUTCMinutes(), 2),
  m: digits('\\d{1,2}', 'minute', (date) => date.getUTCMinutes(), 1),
  ss: digits('\\d\\d', 'second', (date) => date.getUTCSeconds(), 2),
  s: digits('\\d{1,2}', 'second', (date) => date.getUTCSeconds(), 1),
  SSS: digits('\\d{3}', 'millisecond', (date) => date.getUTCMilliseconds(), 3),
  a: {
    shape: '(am|pm)',
    read(fields, text) {
      fields.half = text.toLowerCase() as 'am' | 'pm';
    },
    write: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  },
};

function digits(shape: string, field: Exclude<keyof Fields, 'half'>, get: (date: Date) => number, width: number): Part {
  return {
    shape: `(${shape})`,
    read(fields, text) {
      fields[field] = Number(text);
    },
    write: (date) => String(get(date)).padStart(width, '0'),
  };
}

function monthName(shorten: (name: string) => string): Part {
  const names = months.map(shorten);
  return {
    shape: `(${names.join('|')})`,
    read(fields, text) {
      fields.month = names.findIndex((name) => name.toLowerCase() === text.toLowerCase()) + 1;
    },
    write: (date) => names[date.getUTCMonth()] ?? '',
  };
}

function readParts(pattern: string): readonly Part[] {
  return [...pattern.matchAll(/'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+/g)].map(([text, quoted, letter]) => {
    if (letter === undefined) return literal(quoted === undefined ? text : quoted || "'");
    const part = letters[text];
    if (part === undefined) {
      throw new RangeError(
        `${JSON.stringify(text)} is no part of a date or time pattern; use ${Object.keys(letters).join(', ')}`,
      );
    }
    return part;
  });
}

function literal(text: string): Part {
  return { shape: text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), write: () => text };
}

function toMilliseconds({ year, month, day, hour, minute, second, millisecond, half }: Fields): number | undefined {
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  if (hours > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // 31 April would become 1 May.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() + ((hours * 60 + minute) * 60 + second) * 1_000 + millisecond;
}
