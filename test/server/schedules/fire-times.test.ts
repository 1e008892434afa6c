import fc from 'fast-check';
import { createFireTimes, listNextTimes, type Trigger } from '../../../server/schedules/fire-times.ts';

const iso = (ms: number | undefined) => ms && new Date(ms).toISOString().replace(':00.000Z', 'Z');
const list = (trigger: Trigger, after: string, count: number) =>
  listNextTimes(createFireTimes(trigger), Date.parse(after), count).map(iso);

const berlin = { timeZone: 'Europe/Berlin' } as const;
const daily: Trigger = { ...berlin, kind: 'cron', pattern: '30 2 * * *' };

test.each<[why: string, trigger: Trigger, after: string, expected: readonly string[]]>([
  [
    'a time of day that is skipped fires when the clocks go forward',
    daily,
    '2026-03-28T12:00Z',
    ['2026-03-29T01:00Z', '2026-03-30T00:30Z'],
  ],
  [
    'a time of day that occurs twice fires the first time',
    daily,
    '2026-10-24T12:00Z',
    ['2026-10-25T00:30Z', '2026-10-26T01:30Z'],
  ],
  [
    'so do several times of day',
    { ...berlin, kind: 'cron', pattern: '30 2,14 * * *' },
    '2026-03-29T00:00Z',
    ['2026-03-29T01:00Z', '2026-03-29T12:30Z'],
  ],
  [
    'every half hour fires in both of two equal hours',
    { ...berlin, kind: 'cron', pattern: '*/30 * * * *' },
    '2026-10-24T23:45Z',
    ['2026-10-25T00:00Z', '2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z'],
  ],
  [
    'every half hour has no hour that is skipped',
    { ...berlin, kind: 'cron', pattern: '*/30 * * * *' },
    '2026-03-29T00:15Z',
    ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'],
  ],
  [
    'seconds may stand before',
    { timeZone: 'UTC', kind: 'cron', pattern: '15 0 9 * * MON' },
    '2026-11-22T00:00Z',
    ['2026-11-23T09:00:15.000Z'],
  ],
  [
    'a pattern that never holds is never due',
    { timeZone: 'UTC', kind: 'cron', pattern: '0 0 31 2 *' },
    '2026-01-01T00:00Z',
    [],
  ],
  [
    'start and end bound a pattern, both included',
    {
      timeZone: 'UTC',
      kind: 'cron',
      pattern: '0 9 * * *',
      start: '2026-11-24T09:00',
      end: '2026-11-25T09:00',
    },
    '2026-11-22T00:00Z',
    ['2026-11-24T09:00Z', '2026-11-25T09:00Z'],
  ],
  ['once is once', { ...berlin, kind: 'once', at: '2026-03-29T02:30' }, '2026-01-01T00:00Z', ['2026-03-29T01:00Z']],
  [
    'months end on their last day and go on with the day of the start',
    {
      timeZone: 'UTC',
      kind: 'interval',
      every: 1,
      unit: 'months',
      start: '2027-01-31T06:00',
    },
    '2027-01-31T06:00Z',
    ['2027-02-28T06:00Z', '2027-03-31T06:00Z', '2027-04-30T06:00Z'],
  ],
  [
    'days keep their time of day',
    {
      ...berlin,
      kind: 'interval',
      every: 2,
      unit: 'days',
      start: '2026-03-27T02:30',
    },
    '2026-03-27T02:00Z',
    ['2026-03-29T01:00Z', '2026-03-31T00:30Z'],
  ],
  [
    'hours count elapsed time',
    {
      ...berlin,
      kind: 'interval',
      every: 12,
      unit: 'hours',
      start: '2026-03-28T12:00',
    },
    '2026-03-28T10:00Z',
    ['2026-03-28T11:00Z', '2026-03-28T23:00Z', '2026-03-29T11:00Z'],
  ],
  [
    'control files are due when they come',
    { timeZone: 'UTC', kind: 'control-file', file: 'in/*.go' },
    '2026-01-01T00:00Z',
    [],
  ],
])('%s', (_, trigger, after, expected) => {
  expect(list(trigger, after, Math.max(1, expected.length))).toEqual(expected);
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Santiago',
];

/** Any minute of two years, which hold every change of the clocks. */
const anyMinute = fc.integer({ min: 0, max: 2 * 525_600 }).map((minutes) => Date.UTC(2026, 0, 1) + minutes * 60_000);

test('an interval of a day is the pattern of its time of day, in any zone', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      anyMinute,
      (timeZone, hour, minute, after) => {
        const two = (number: number) => String(number).padStart(2, '0');
        const start = `2025-12-01T${two(hour)}:${two(minute)}`;
        const interval = createFireTimes({ timeZone, kind: 'interval', every: 1, unit: 'days', start });
        const pattern = createFireTimes({ timeZone, kind: 'cron', pattern: `${minute} ${hour} * * *` });
        expect(listNextTimes(interval, after, 4).map(iso)).toEqual(listNextTimes(pattern, after, 4).map(iso));
      },
    ),
    { numRuns: 60 },
  );
});

test('times of an interval follow each other, the first one after the time asked about', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom('minutes', 'hours', 'days', 'weeks', 'months'),
      fc.integer({ min: 1, max: 50 }),
      anyMinute,
      (timeZone, unit, every, after) => {
        const times = createFireTimes({ timeZone, kind: 'interval', every, unit, start: '2026-01-31T02:30' });
        const [first = 0, second = 0] = listNextTimes(times, after, 2);
        expect(first).toBeGreaterThan(after);
        expect(second).toBeGreaterThan(first);
        // Nothing is due between: asked about the moment before, the same time is the next one.
        expect(times.next(first - 1)).toBe(first);
      },
    ),
    { numRuns: 100 },
  );
});
