import type { ActionFlags } from '../../../cli/jobs/access.ts';
import { readSchedule } from '../../../cli/schedule/read-schedule.ts';

const read = (flags: object) => readSchedule({ url: '', user: '', data: '', ...flags } as ActionFlags);

test.each([
  [{ cron: '30 2 * * *' }, { kind: 'cron', pattern: '30 2 * * *', timeZone: 'UTC' }],
  [
    { every: '2weeks', start: '2027-01-04T06:00', 'time-zone': 'Europe/Berlin' },
    { kind: 'interval', every: 2, unit: 'weeks', start: '2027-01-04T06:00', timeZone: 'Europe/Berlin' },
  ],
  [{ at: '2027-01-04T06:00' }, { kind: 'once', at: '2027-01-04T06:00', timeZone: 'UTC' }],
  [{ 'control-file': 'in/*.go' }, { kind: 'control-file', file: 'in/*.go', timeZone: 'UTC' }],
])('%j says when', (flags, trigger) => {
  expect(read({ dataflow: 'clean', ...flags }).trigger).toEqual(trigger);
});

test('says what runs, with what, and how', () => {
  const flags = { option: ['Casing=U'], file: ['Customers=a.csv'], overlap: 'queue', 'catch-up': '5', disabled: true };
  expect(read({ 'process-flow': 'night', cron: '0 2 * * *', ...flags })).toMatchObject({
    flowKind: 'process-flow',
    flow: 'night',
    enabled: false,
    options: { Casing: 'U' },
    files: { Customers: 'a.csv' },
    overlap: 'queue',
    catchUpMinutes: 5,
  });
});

test.each([
  [{ cron: '0 2 * * *' }, 'name the flow, by --dataflow or --process-flow'],
  [{ dataflow: 'a', 'process-flow': 'b', cron: '0 2 * * *' }, 'name the flow, by --dataflow or --process-flow'],
  [{ dataflow: 'a' }, 'say when, by one of --cron'],
  [{ dataflow: 'a', cron: '0 2 * * *', at: '2027-01-04T06:00' }, 'say when, by one of --cron'],
  [{ dataflow: 'a', every: 'fortnight' }, '--every: "fortnight" is not allowed'],
])('%j is refused', (flags, sentence) => {
  expect(() => read(flags)).toThrow(sentence);
});
