import { readExecutorOrder } from '../../../cli/jobexecutor/arguments.ts';
import { formatReport } from '../../../cli/jobexecutor/execute.ts';

const files: Readonly<Record<string, string>> = {
  'job.properties': '# nightly\nj night, day\nh server\nw true\n"Input File"="file:/data/in.csv"\n',
  options: 'night|Casing=U\nLimit = 5\n',
};
const read = (...words: string[]) => readExecutorOrder(words, (path) => files[path] ?? '');
const access = ['-u', 'ann', '-p', 'x'];

test('reads what scripts of Job Executor say', () => {
  const order = read(
    '-w',
    ...access,
    '-h',
    'server',
    '-s',
    '443',
    '-e',
    '-j',
    'Job',
    '-i',
    '2',
    'Output=file:/out.csv',
  );
  expect(order).toEqual({
    url: 'https://server:443',
    user: 'ann',
    password: 'x',
    jobs: ['Job'],
    isWaiting: true,
    isReporting: false,
    isVerbose: false,
    delimiter: '|',
    pollMs: 2_000,
    timeoutMs: 3_600_000,
    files: { Output: '/out.csv' },
    options: {},
  });
});

test('a property file stands behind the command line, and options come from a file of theirs', () => {
  const order = read(...access, '-f', 'job.properties', '-h', 'other', '-o', 'options', '-r', '-d', ';');
  expect(order).toMatchObject({
    url: 'http://other:8080',
    jobs: ['night', 'day'],
    isWaiting: true,
    isReporting: true,
    delimiter: ';',
    files: { 'Input File': '/data/in.csv' },
    options: { Casing: 'U', Limit: '5' },
  });
});

test.each([
  ['In=file:///data/in.csv', '/data/in.csv'],
  ['In=file:in.csv', 'in.csv'],
  ['"In"="in.csv"', 'in.csv'],
])('%s names the file %s', (word, path) => {
  expect(read(...access, '-j', 'Job', word).files).toEqual({ In: path });
});

test.each([
  [['-j', 'Job'], '-u is missing'],
  [[...access], '-j is missing'],
  [[...access, '-j'], '-j has no value'],
  [[...access, '-j', 'Job', '-i', 'soon'], '-i: "soon" is not allowed'],
  [[...access, '-j', 'Job', '-x'], '"-x" is not allowed'],
  [[...access, '-j', 'Job', '-n', 'a@example.com'], '-n is not supported'],
  [[...access, '-j', 'Job', 'In=ftp://host/in.csv'], '"In": ftp: is not allowed; use file:'],
])('%j is refused', (words, sentence) => {
  expect(() => read(...words)).toThrow(sentence);
});

test('the report has nine fields, times as month, day and year', () => {
  const run = { id: 'r1', dataflow: 'Job', version: 1, submittedBy: 'a', submittedAt: '', epoch: 1, stages: [] };
  const times = {
    startedAt: new Date(2026, 10, 2, 3, 4, 5).toISOString(),
    endedAt: new Date(2026, 10, 22, 13, 0, 0).toISOString(),
  };
  const counts = { recordsRead: 12, recordsWritten: 10, malformedRecords: 2 };
  const report = {
    run: { ...run, ...times, state: 'succeeded' as const },
    options: {},
    files: [],
    databases: {},
    ...counts,
  };
  expect(formatReport(report, '|')).toBe('Job|r1|succeeded|11/02/2026 03:04:05|11/22/2026 13:00:00|10|0|2|');
});
