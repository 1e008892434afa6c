import { Cron } from 'croner';
import fc from 'fast-check';
import type { ObjectValue } from '../../../contract/kinds.ts';
import { scheduleSchema } from '../../../contract/schedules.ts';
import { findScheduleProblem } from '../../../server/configuration/schedule-rules.ts';
import { checkValue } from '../../../server/foundation/schema.ts';

/** The schedule with this trigger, completed as a write is; what is wrong with it in words. */
function tell(trigger: object): string {
  const { value, issues } = checkValue(scheduleSchema, { flowKind: 'dataflow', flow: 'f', trigger }, undefined, '');
  if (issues[0] !== undefined) return `${issues[0].path} ${issues[0].problem}`;
  return findScheduleProblem(value as ObjectValue<'schedule'>)?.join(' ') ?? '';
}

const interval = { kind: 'interval', every: 1, unit: 'days', start: '2026-11-22T02:30' };

test.each([
  [{ kind: 'once', at: '2026-11-22T02:30:15' }, ''],
  [{ kind: 'cron', pattern: '*/15 8-18 1,15,L JAN-jun MON-FRI' }, ''],
  [{ kind: 'cron', pattern: '0 30 2 * * FRI#2,SUNL', timeZone: 'America/New_York', end: '2027-01-01T00:00' }, ''],
  [interval, ''],
  [{ kind: 'control-file', file: 'in/*.trigger' }, ''],
  [{ kind: 'once' }, 'trigger.at is missing; a trigger once needs at'],
  [{ ...interval, file: 'x' }, 'trigger.file is not for a trigger interval; it has every, unit, start, end'],
  [{ ...interval, timeZone: 'Mars/Olympus' }, 'trigger.timeZone "Mars/Olympus" is not allowed; use an IANA name'],
  [{ ...interval, start: '2027-02-30T00:00' }, 'trigger.start 2027-02-30T00:00 is a day that its month does not have'],
  [{ ...interval, start: 'tomorrow' }, 'trigger.start "tomorrow" is not allowed; use a local time such as'],
  [{ kind: 'cron', pattern: '30 2 * *  ' }, 'has 4 fields; use 5, or 6 with seconds'],
  [{ kind: 'cron', pattern: '60 2 * * *' }, 'trigger.pattern "60" is not allowed as minute; use * or 0 to 59'],
  [{ kind: 'cron', pattern: '0 2 * * 5-1' }, '"5-1" is not allowed as day of week; use * or 0 to 7, SUN to SAT'],
  [{ kind: 'cron', pattern: '0 2 0 * *' }, '"0" is not allowed as day of month; use * or 1 to 31'],
  [{ kind: 'cron', pattern: '1/5 * * * *' }, '"1/5" is not allowed as minute'],
])('%j: %s', (trigger, expected) => {
  if (expected === '') expect(tell(trigger)).toBe('');
  else expect(tell(trigger)).toContain(expected);
});

/** Words of which patterns are made, right ones and wrong ones. */
const item = fc.oneof(
  fc.constantFrom(
    '*',
    'L',
    'FRI#2',
    'SUNL',
    'MON',
    'jan',
    '*/0',
    '*/15',
    '1-5/2',
    '?',
    '5#6',
    '-1',
    '1-',
    ',',
    '7',
    '0',
  ),
  fc.integer({ min: 0, max: 70 }).map(String),
  fc.tuple(fc.nat(60), fc.nat(60)).map(([from, to]) => `${from}-${to}`),
  fc.nat(62).map((step) => `*/${step}`),
);
const field = fc.array(item, { minLength: 1, maxLength: 2 }).map((items) => items.join(','));

test('what the rules let in, the scheduler understands', () => {
  fc.assert(
    fc.property(fc.array(field, { minLength: 5, maxLength: 6 }), (fields) => {
      const pattern = fields.join(' ');
      if (tell({ kind: 'cron', pattern: pattern.padEnd(9) }) !== '') return;
      expect(() => new Cron(pattern, { mode: '5-or-6-parts' })).not.toThrow();
    }),
    { numRuns: 2_000 },
  );
});
