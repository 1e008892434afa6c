import { channel } from '../../../../bench/dataflow/measuring.ts';
import { checkDataflow, describeProblem } from '../../../../server/dataflow/index.ts';
import { stageTypes } from '../../../../server/stages/index.ts';

const fields = [{ name: 'id', type: 'integer' }];
const query = (more: object = {}) => ({
  id: 'read',
  type: 'ReadFromDB',
  settings: { connection: 'db', sql: 'SELECT id FROM t', fields, ...more },
});
const file = (id: string) => ({ id, type: 'ReadFromFile', settings: { file: `${id}.csv`, fields } });
const write = (more: object = {}) => ({
  id: 'write',
  type: 'WriteToDB',
  settings: { connection: 'db', table: 't', keys: ['id'], ...more },
});
const sorter = { id: 'sort', type: 'Sorter', settings: { keys: [{ field: 'id' }] } };
const toNull = (id: string) => ({ id, type: 'WriteToNull' });

function problemsOf(stages: readonly object[], channels: readonly string[]) {
  const document = { type: 'job', stages, channels: channels.map(channel) };
  return checkDataflow('flow', document, stageTypes).problems.map(describeProblem);
}

const straight = ['read.output_port > write.input_port'];
const combined = ['a.output_port > both.one', 'b.output_port > both.two', 'both.output_port > write.input_port'];
const combiner = { id: 'both', type: 'StreamCombiner' };

test.each<[string, readonly object[], readonly string[]]>([
  ['a query behind a column that it resumes by', [query({ resumeBy: 'id' }), write()], straight],
  ['a query in an order', [query({ sql: 'SELECT id FROM t\nORDER  BY id' }), write()], straight],
  [
    'a query without one, sorted',
    [query(), sorter, write()],
    ['read.output_port > sort.input_port', 'sort.output_port > write.input_port'],
  ],
  ['a query without one, where rows are written once by their keys', [query(), write({ mode: 'upsert' })], straight],
  ['a query without one, where rows may be written twice', [query(), write({ progressTable: '' })], straight],
  ['a file', [file('read'), write()], straight],
  [
    'a stream that was parted and joined again in turn',
    [file('read'), { id: 'part', type: 'Broadcaster' }, combiner, write()],
    [
      'read.output_port > part.input_port',
      'part.one > both.one',
      'part.two > both.two',
      'both.output_port > write.input_port',
    ],
  ],
])('inserts take the records of %s', (_title, stages, channels) => {
  expect(problemsOf(stages, channels)).toEqual([]);
});

const sentence = (stage: string) =>
  expect.stringContaining(
    `stage write, port input_port: the records of stage ${stage} may come in another order when another node takes the run over`,
  );

test('inserts behind a query without an order are refused, with the stage and what to do', () => {
  expect(problemsOf([query(), write()], straight)).toEqual([sentence('read')]);
  expect(problemsOf([query(), write()], straight)[0]).toContain('give a ReadFromDB there resumeBy');
});

test('so they are behind streams that are taken as they come, whatever stands in between', () => {
  expect(problemsOf([file('a'), file('b'), combiner, write()], combined)).toEqual([sentence('both')]);
  const split = { id: 'route', type: 'ConditionalRouter', settings: { conditions: [], default: 'rest' } };
  const channels = [...combined.slice(0, 2), 'both.output_port > route.input_port', 'route.rest > write.input_port'];
  expect(problemsOf([file('a'), file('b'), combiner, split, write()], channels)).toContainEqual(sentence('both'));
  expect(problemsOf([file('a'), file('b'), combiner, toNull('write')], combined)).toEqual([]);
});
