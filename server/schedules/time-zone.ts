const dayMs = 86_400_000;

/**
 * Local time of one IANA zone. A local time is a number: the milliseconds that UTC would have with the same reading of
 * the clock. Throws `RangeError` for a zone that is unknown.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;

  constructor(name: string) {
    const number = 'numeric';
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: number,
      month: number,
      day: number,
      hour: number,
      minute: number,
      second: number,
    });
  }

  toLocal(utcMs: number): number {
    return utcMs + this.#offsetMs(utcMs);
  }

  /** Of a local time that occurs twice the first occurrence; of one that the clocks skip the moment they do. */
  toUtc(localMs: number): number {
    const offsets = [this.#offsetMs(localMs - dayMs), this.#offsetMs(localMs + dayMs)];
    const moments = offsets.map((offset) => localMs - offset).sort((left, right) => left - right);
    const found = moments.find((moment) => this.toLocal(moment) === localMs);
    return found ?? this.#transition(...(moments as [number, number]));
  }

  /** The first moment after `fromMs`, and at most `toMs`, at which the offset is another one. */
  #transition(fromMs: number, toMs: number): number {
    const before = this.#offsetMs(fromMs);
    let [low, high] = [Math.floor(fromMs / 1_000), Math.ceil(toMs / 1_000)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offsetMs(middle * 1_000) === before) low = middle;
      else high = middle;
    }
    return high * 1_000;
  }

  #offsetMs(utcMs: number): number {
    const wholeMs = Math.floor(utcMs / 1_000) * 1_000;
    const part: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(wholeMs)) part[type] = value;
    const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
    const { month, day, hour, minute, second } = part;
    const local = Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    return local - wholeMs;
  }
}
