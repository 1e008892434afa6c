import { problemsOf } from '../support/run-stage.ts';

const problems = (type: string) =>
  problemsOf({
    type: 'ReadFromDB',
    settings: { connection: 'db', sql: 'SELECT seen FROM t', fields: [{ name: 'seen', type }], resumeBy: 'seen' },
    inputs: {},
  });

test.each(['integer', 'long', 'bigdecimal', 'string', 'date'])('a run goes on behind a column of type %s', (type) => {
  expect(problems(type)).toEqual([]);
});

test.each(['datetime', 'time', 'float', 'double', 'boolean'])('a run does not go on behind one of type %s', (type) => {
  expect(problems(type)).toEqual([
    expect.stringContaining(
      `resumeBy: seen is of type ${type}, of which the database may hold more than the field does`,
    ),
  ]);
});
