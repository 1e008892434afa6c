import { Cron } from 'croner';
import type { ObjectValue } from '../../contract/kinds.ts';
import { TimeZone } from './time-zone.ts';

export type Trigger = ObjectValue<'schedule'>['trigger'];

/** When a trigger is due. */
export interface FireTimes {
  /** The first time after `afterMs`, in UTC; undefined when there is none. */
  next(afterMs: number): number | undefined;
}

/**
 * Daylight saving: `once`, and times of day that a pattern names, fire at the moment the clocks go forward when they are
 * skipped, and at the first of two when they occur twice; so do intervals of days, weeks and months. Patterns with * or
 * a step in seconds, minutes or hours fire in both of two equal hours and not in a skipped one. Intervals of minutes and
 * hours count elapsed time. Throws `RangeError` or `TypeError` for what no rule let in.
 */
export function createFireTimes(trigger: Trigger): FireTimes {
  switch (trigger.kind) {
    case 'once':
      return once(trigger);
    case 'cron':
      return within(trigger, cron(trigger));
    case 'interval':
      return within(trigger, interval(trigger));
    case 'control-file':
      return { next: () => undefined };
  }
}

/** The next times after `afterMs`, at most `count`. */
export function listNextTimes(times: FireTimes, afterMs: number, count: number): readonly number[] {
  const found: number[] = [];
  for (let next = times.next(afterMs); next !== undefined && found.length < count; next = times.next(next)) {
    found.push(next);
  }
  return found;
}

function once({ at, timeZone }: Trigger): FireTimes {
  const atMs = new TimeZone(timeZone).toUtc(parseLocal(at));
  return { next: (afterMs) => (atMs > afterMs ? atMs : undefined) };
}

function cron({ pattern = '', timeZone }: Trigger): FireTimes {
  const job = new Cron(pattern, { timezone: timeZone, fixedTimeRule: 'no-wildcard', mode: '5-or-6-parts' });
  return { next: (afterMs) => job.nextRun(new Date(afterMs))?.getTime() };
}

const elapsedMs: Readonly<Record<string, number>> = { minutes: 60_000, hours: 3_600_000 };
/** Never less than one of them takes. */
const calendarMs: Readonly<Record<string, number>> = {
  days: 86_400_000,
  weeks: 7 * 86_400_000,
  months: 31 * 86_400_000,
};

/** The count-th time is computed from the start, so that a short month or a skipped hour shifts none after it. */
function interval({ every = 1, unit = 'days', start, timeZone }: Trigger): FireTimes {
  const zone = new TimeZone(timeZone);
  const startLocal = parseLocal(start);
  const stepMs = every * (elapsedMs[unit] ?? calendarMs[unit] ?? Number.NaN);
  if (unit in elapsedMs) {
    const startMs = zone.toUtc(startLocal);
    return { next: (afterMs) => startMs + Math.max(0, Math.floor((afterMs - startMs) / stepMs) + 1) * stepMs };
  }
  const atCount = (count: number) => zone.toUtc(addCalendar(startLocal, unit, count * every));
  return {
    next(afterMs) {
      // Zones differ from UTC by less than two days.
      let count = Math.max(0, Math.floor((afterMs - startLocal - 2 * 86_400_000) / stepMs));
      while (atCount(count) <= afterMs) count++;
      return atCount(count);
    },
  };
}

/** A day that the month does not have becomes its last one. */
function addCalendar(localMs: number, unit: string, count: number): number {
  if (unit !== 'months') return localMs + count * (calendarMs[unit] ?? 0);
  const date = new Date(localMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

function within({ start, end, timeZone }: Trigger, times: FireTimes): FireTimes {
  const zone = new TimeZone(timeZone);
  const startMs = start === undefined ? Number.NEGATIVE_INFINITY : zone.toUtc(parseLocal(start));
  const endMs = end === undefined ? Number.POSITIVE_INFINITY : zone.toUtc(parseLocal(end));
  return {
    next(afterMs) {
      const next = times.next(Math.max(afterMs, startMs - 1));
      return next !== undefined && next <= endMs ? next : undefined;
    },
  };
}

function parseLocal(text = ''): number {
  return Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
}
