import { parseCommandLine } from '../../cli/command-line.ts';

const defaults = {
  nodes: 2,
  port: 8080,
  host: '127.0.0.1',
  data: '.spectrum',
  group: [],
  'configuration-endpoint': '',
  cluster: 'local',
};

test.each([
  ['start', defaults],
  ['start --nodes 5 --port 9090 --data DIR', { ...defaults, nodes: 5, port: 9090, data: 'DIR' }],
  ['start --nodes=1 --port=0', { ...defaults, nodes: 1, port: 0 }],
  ['start --host 0.0.0.0', { ...defaults, host: '0.0.0.0' }],
  ['start --group geo=A,B', { ...defaults, group: [{ name: 'geo', services: ['A', 'B'] }] }],
  [
    'start --group geo=A;post=B',
    {
      ...defaults,
      group: [
        { name: 'geo', services: ['A'] },
        { name: 'post', services: ['B'] },
      ],
    },
  ],
  [
    'start --configuration-endpoint http://127.0.0.1:8000/ --cluster main',
    { ...defaults, 'configuration-endpoint': 'http://127.0.0.1:8000', cluster: 'main' },
  ],
])('%s', (text, flags) => {
  expect(parseCommandLine(text.split(' '))).toEqual({ command: 'start', flags });
});

test.each(['data', 'dataflow', 'job', 'user', 'config', 'secret'])('the words behind %s are its own', (command) => {
  expect(parseCommandLine([command, 'build', '--help'])).toEqual({ command, words: ['build', '--help'] });
});

test.each(['', 'help', '--help', '-h', 'start --help'])('"%s" asks for help', (text) => {
  expect(parseCommandLine(text === '' ? [] : text.split(' ')).command).toBe('help');
});

test.each(['version', '--version', '-v'])('%s asks for the version', (text) => {
  expect(parseCommandLine([text]).command).toBe('version');
});

test.each([
  [
    'stop',
    '"stop" is not a command; use start, user, config, secret, data, dataflow, job, jobexecutor, processflow, schedule, notification, version, help',
  ],
  [
    'start --node 2',
    'start: "--node" is not allowed; use --nodes, --port, --host, --data, --group, --configuration-endpoint, --cluster',
  ],
  [
    'start extra',
    'start: "extra" is not allowed; use --nodes, --port, --host, --data, --group, --configuration-endpoint, --cluster',
  ],
  ['start --nodes', 'start: --nodes has no value; use a whole number from 1 to 32'],
  ['start --nodes 0', 'start: --nodes "0" is not allowed; use a whole number from 1 to 32'],
  ['start --nodes 33', 'start: --nodes "33" is not allowed; use a whole number from 1 to 32'],
  ['start --nodes 2.5', 'start: --nodes "2.5" is not allowed; use a whole number from 1 to 32'],
  ['start --port 65536', 'start: --port "65536" is not allowed; use a whole number from 0 to 65535'],
  ['start --port=', 'start: --port "" is not allowed; use a whole number from 0 to 65535'],
  ['start --data=', 'start: --data "" is not allowed; use a path'],
  ['start --port 1 --port 2', 'start: --port is given twice; give it once'],
  ['start --group geo', 'start: --group "geo" is not allowed; use <name>=<service>,<service>, several by ;'],
  ['start --group a=A;a=B', 'start: --group "a=A;a=B" is not allowed; use <name>=<service>,<service>, several by ;'],
  [
    'start --configuration-endpoint x',
    'start: --configuration-endpoint "x" is not allowed; use a URL such as http://10.0.0.5:8000',
  ],
  [
    'start --__proto__ 2',
    'start: "--__proto__" is not allowed; use --nodes, --port, --host, --data, --group, --configuration-endpoint, --cluster',
  ],
  ['version --nodes 2', 'version: "--nodes" is not allowed; use it without flags'],
])('%s is refused', (text, sentence) => {
  expect(() => parseCommandLine(text.split(' '))).toThrow(
    expect.objectContaining({ exit: 'usage', message: sentence }) as Error,
  );
});
