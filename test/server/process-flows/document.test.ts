import { checkProcessFlow, fillVariables, placeVariables } from '../../../server/process-flows/document.ts';

/** As documents name one. */
const variable = (name: string) => `\${${name}}`;
const job = (id: string, more: object = {}) => ({ id, type: 'job', dataflow: 'clean', ...more });
const way = (from: string, to: string, more: object = {}) => ({ from, to, ...more });
const tell = (document: object) =>
  checkProcessFlow(document).problems.map(({ activity, sentence }) =>
    activity ? `${activity}: ${sentence}` : sentence,
  );

test('a document is completed with its defaults', () => {
  const { document, problems } = checkProcessFlow({ activities: [job('a')] });
  expect(problems).toEqual([]);
  expect(document?.activities[0]).toMatchObject({ input: 'first', output: 'all', options: {}, successCodes: ['0'] });
});

test.each<[object, string]>([
  [{}, 'activities is missing'],
  [{ activities: [] }, 'the process flow has no activity; add one'],
  [
    { activities: [{ id: 'a', type: 'fly' }] },
    'type "fly" is not allowed; use job, run-program, execute-sql, clear-cache or success',
  ],
  [{ activities: [job('a'), job('a')] }, 'a: another activity has this name'],
  [{ activities: [{ id: 'a', type: 'job' }] }, 'a: dataflow is missing; an activity job needs it'],
  ...['LD_PRELOAD', 'BASH_ENV', 'ENV', 'NODE_OPTIONS', 'PATH', 'PYTHONPATH', 'PERL5OPT', 'a=b', ''].map(
    (name): [object, string] => [
      { activities: [{ id: 'a', type: 'run-program', program: 'x', environment: { [name]: '/tmp/x' } }] },
      `a: environment: ${name} may not be set; use a name of the program's own`,
    ],
  ),
  [{ activities: [{ id: 'a', type: 'success', program: 'x' }] }, 'a: program is not for an activity success'],
  [
    { activities: [job('load')], transitions: [way('load', 'loud')] },
    'the activity loud, which is not there; did you mean load?',
  ],
  [
    { activities: [job('a'), job('b')], transitions: [way('a', 'b', { when: 'conditional' })] },
    'a: the transition to b has no condition',
  ],
  [
    { activities: [job('a'), job('b')], transitions: [way('a', 'b', { returnCodes: ['1'] })] },
    'a: the transition to b has a condition; make it conditional',
  ],
  [
    {
      activities: [job('a'), job('b'), job('c')],
      transitions: [way('a', 'b', { when: 'otherwise' }), way('a', 'c', { when: 'otherwise' })],
    },
    'a: two transitions are otherwise',
  ],
  [
    { activities: [job('a'), job('b')], transitions: [way('a', 'b'), way('b', 'a')] },
    'a: leads back to itself by a, b',
  ],
  [
    { activities: [job('a', { files: { In: `${variable('day')}.csv` } })] },
    'a: the variable day is not there; use none, or define it',
  ],
  [
    { activities: [{ id: 'a', type: 'execute-sql', connection: 'db' }] },
    'sql is missing; an activity execute-sql needs it',
  ],
  [
    { activities: [{ id: 'a', type: 'execute-sql', connection: 'db', sql: `SELECT ${variable('day')}` }] },
    'the variable day is not there; use none, or define it',
  ],
  [
    { activities: [{ id: 'a', type: 'clear-cache', cache: 'c', connection: 'db' }] },
    'connection is not for an activity clear-cache; take it out',
  ],
  [{ activities: [{ id: 'a', type: 'clear-cache', cache: '../c' }] }, 'cache "../c" is not allowed; use letters'],
])('%j: %s', (document, sentence) => {
  expect(tell(document)).toEqual([expect.stringContaining(sentence)]);
});

test('variables stand in texts', () => {
  expect(fillVariables(`in/${variable('day')}-${variable('day')}.${variable('kind')}`, { day: '22' })).toBe(
    `in/22-22.${variable('kind')}`,
  );
});

test('variables of a statement are its parameters, however often and where they stand', () => {
  const sql = 'UPDATE t SET a = @{x}, b = @{y} WHERE c = @{x}'.replaceAll('@', '$');
  expect(placeVariables(sql, { x: "'; DROP TABLE t --", y: '2' })).toEqual({
    texts: ['UPDATE t SET a = ', ', b = ', ' WHERE c = ', ''],
    values: ["'; DROP TABLE t --", '2', "'; DROP TABLE t --"],
  });
  expect(placeVariables('SELECT 1', {})).toEqual({ texts: ['SELECT 1'], values: [] });
});
