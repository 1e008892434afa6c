import { checkDataflow, compileDataflow } from '../../../server/dataflow/compile.ts';
import { describeProblem } from '../../../server/dataflow/problem.ts';
import { channel, createStageTypes } from './support/stage-types.ts';

const { types } = createStageTypes();
const stages = [
  { id: 'read', type: 'Counting' },
  { id: 'split', type: 'Parity' },
  { id: 'write', type: 'Collecting' },
];
const channels = [channel('read.output_port > split.input_port'), channel('split.even > write.all')];

function problemsOf(change: object): string[] {
  return checkDataflow('numbers', { type: 'job', stages, channels, ...change }, types).problems.map(describeProblem);
}

test('a sound dataflow becomes a plan with every stage behind those that feed it', () => {
  const reversed = { type: 'job', stages: [...stages].reverse(), channels };
  const plan = compileDataflow('numbers', reversed, types);
  expect(plan.stages.map(({ stage }) => stage.id)).toEqual(['read', 'split', 'write']);
  expect(plan.canResume).toBe(true);
});

test.each([
  ['no stage', { stages: [], channels: [] }, 'there is no stage; add one'],
  [
    'an unknown type',
    { stages: [{ id: 'a', type: 'Countin' }], channels: [] },
    'stage a: "Countin" is not a stage type of this server; did you mean Counting?',
  ],
  ['two stages of one id', { stages: [...stages, stages[0]] }, 'stage read: another stage has the same id; rename one'],
  [
    'a channel to nowhere',
    { channels: [...channels, channel('split.odd > gone.in')] },
    'stage gone, port in: a channel names this stage, but there is none; remove the channel',
  ],
  [
    'two channels at an output',
    { channels: [...channels, channel('split.even > write.more')] },
    'stage split, port even: the port has more than one channel; put a Broadcaster behind it',
  ],
  [
    'two channels at an input',
    { channels: [...channels, channel('split.odd > write.all')] },
    'stage write, port all: the port has more than one channel; put a Stream Combiner before it',
  ],
  [
    'an output that no stage listens to',
    { channels: channels.slice(0, 1) },
    'stage split, port even: the output port has no channel; connect it',
  ],
  [
    'a port that is not there',
    { channels: [...channels, channel('split.prime > write.more')] },
    'stage split, port prime: the stage has no such output port; its output ports are even, odd',
  ],
  [
    'a setting that is not allowed',
    { stages: [{ ...stages[0], settings: { rows: -1 } }, ...stages.slice(1)] },
    'stage read: rows: -1 is not allowed; use a whole number from 0 to 1000000',
  ],
])('%s is refused with its place and what to do', (_, change, sentence) => {
  expect(problemsOf(change)).toContain(sentence);
});

test('rows that come back to their stage are refused', () => {
  const circle = [channel('split.even > split.input_port')];
  expect(problemsOf({ stages: [stages[1]], channels: circle })).toEqual([
    'stage split: its rows come back to it by split; remove one of the channels',
  ]);
});

test('the document itself is checked by field', () => {
  expect(checkDataflow('numbers', { type: 'jobs', stages: 3 }, types).problems).toEqual([
    { setting: 'type', sentence: 'type: "jobs" is not allowed; use job, service or subflow' },
    { setting: 'stages', sentence: 'stages: 3 is not a list' },
  ]);
});

test('options are written into settings, the default where none is given', () => {
  const options = [{ name: 'Rows', mappings: [{ stage: 'read', setting: 'rows' }], default: 7, allowed: ['7', '8'] }];
  const rowsWith = (given: object) => {
    const plan = compileDataflow('numbers', { type: 'job', stages, channels, options }, types, { ...given });
    return plan.document.stages[0]?.settings;
  };
  expect(rowsWith({})).toEqual({ rows: 7 });
  expect(rowsWith({ Rows: 8 })).toEqual({ rows: 8 });
  expect(() => rowsWith({ Rows: 9 })).toThrow('option Rows: 9 is not allowed; use 7, 8');
  expect(() => rowsWith({ Row: 8 })).toThrow('option Row does not exist; its options are Rows');
});
