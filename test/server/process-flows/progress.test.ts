import type { ActivityState, ProcessFlowDocument } from '../../../contract/process-flows.ts';
import { checkProcessFlow } from '../../../server/process-flows/document.ts';
import { findNextSteps, matchesCode } from '../../../server/process-flows/progress.ts';

function parse(activities: readonly object[], transitions: readonly object[]): ProcessFlowDocument {
  const { document, problems } = checkProcessFlow({ activities, transitions });
  if (document === undefined) throw new Error(JSON.stringify(problems));
  return document;
}

const job = (id: string, more: object = {}) => ({ id, type: 'job', dataflow: 'x', ...more });
const codes: Partial<Record<ActivityState, number>> = { succeeded: 0, failed: 1, cancelled: 2 };

function next(document: ProcessFlowDocument, states: Readonly<Record<string, ActivityState | number>>) {
  const entries = document.activities.map(({ id }) => {
    const given = states[id] ?? 'waiting';
    if (typeof given === 'number') return [id, { state: given === 0 ? 'succeeded' : 'failed', returnCode: given }];
    const returnCode = codes[given];
    return [id, { state: given, ...(returnCode !== undefined && { returnCode }) }];
  });
  return findNextSteps(document, Object.fromEntries(entries));
}

/**
 *          ┌──(succeeded)──► good ───┐
 *   load ──┤                         ├──► report
 *          └──(code 1 to 3)► repair ─┘
 */
const branching = parse(
  [job('load'), job('good'), job('repair'), job('report')],
  [
    { from: 'load', to: 'good' },
    { from: 'load', to: 'repair', when: 'conditional', returnCodes: ['1-3'] },
    { from: 'good', to: 'report' },
    { from: 'repair', to: 'report' },
  ],
);

test.each<[string, Readonly<Record<string, ActivityState | number>>, object]>([
  ['what nothing leads to begins', {}, { start: ['load'], skip: [] }],
  ['what leads to it must have ended', { load: 'running' }, { start: [], skip: [] }],
  ['success goes the simple way', { load: 0 }, { start: ['good'], skip: ['repair'] }],
  ['a return code goes its way', { load: 2 }, { start: ['repair'], skip: ['good'] }],
  ['another one ends the flow', { load: 4 }, { start: [], skip: ['good', 'repair'] }],
  ['the first input is enough', { load: 2, good: 'skipped', repair: 0 }, { start: ['report'], skip: [] }],
  ['what is on no way is skipped', { load: 4, good: 'skipped', repair: 'skipped' }, { start: [], skip: ['report'] }],
  [
    'a failure without a way fails the flow',
    { load: 4, good: 'skipped', repair: 'skipped', report: 'skipped' },
    { outcome: 'failed' },
  ],
  ['a failure with a way does not', { load: 1, good: 'skipped', repair: 0, report: 0 }, { outcome: 'succeeded' }],
])('%s', (_, states, expected) => {
  expect(next(branching, states)).toMatchObject(expected);
});

test('all inputs are waited for, and one that is not taken skips what needs them all', () => {
  const joining = parse(
    [job('a'), job('b'), job('c', { input: 'all' })],
    [
      { from: 'a', to: 'c' },
      { from: 'b', to: 'c' },
    ],
  );
  expect(next(joining, { a: 0, b: 'running' })).toEqual({ start: [], skip: [] });
  expect(next(joining, { a: 0, b: 0 })).toEqual({ start: ['c'], skip: [] });
  expect(next(joining, { a: 0, b: 1 })).toEqual({ start: [], skip: ['c'] });
});

test('otherwise is for what no other way is for, and the first output is only one', () => {
  const ways = [
    { from: 'a', to: 'b', when: 'conditional', outcomes: ['failed', 'cancelled'] },
    { from: 'a', to: 'c', when: 'conditional', outcomes: ['failed'] },
    { from: 'a', to: 'd', when: 'otherwise' },
  ];
  const others = [job('b'), job('c'), job('d')];
  expect(next(parse([job('a'), ...others], ways), { a: 'failed' }).start).toEqual(['b', 'c']);
  expect(next(parse([job('a', { output: 'first' }), ...others], ways), { a: 'failed' }).start).toEqual(['b']);
  expect(next(parse([job('a'), ...others], ways), { a: 0 })).toEqual({ start: ['d'], skip: ['b', 'c'] });
});

test('an activity success makes the flow one, whatever failed on the way', () => {
  const flow = parse([job('a'), job('b'), { id: 'done', type: 'success' }], [{ from: 'a', to: 'done' }]);
  expect(next(flow, { a: 0, b: 'failed', done: 'succeeded' }).outcome).toBe('succeeded');
  expect(next(flow, { a: 'failed', b: 0, done: 'skipped' }).outcome).toBe('failed');
});

test.each([
  [['0'], 0, true],
  [['1-5', '9'], 5, true],
  [['1-5', '9'], 6, false],
  [['-1'], -1, true],
  [[], 0, false],
])('%j holds %p: %p', (given, code, expected) => {
  expect(matchesCode(given, code)).toBe(expected);
});
