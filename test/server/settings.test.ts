import { environment } from '../../contract/environment.ts';
import { readSettings } from '../../server/settings.ts';

test('an empty environment gives the defaults', () => {
  expect(readSettings({})).toMatchObject({
    port: 8080,
    healthPort: undefined,
    healthOnMainPort: true,
    processes: 1,
    rowLimit: 5_000,
  });
});

test('an empty variable means the default', () => {
  expect(readSettings({ [environment.port]: '' }).port).toBe(8080);
});

test.each([
  [environment.port, '9090', { port: 9090 }],
  [environment.healthPort, '0', { healthPort: 0 }],
  [environment.healthOnMainPort, 'false', { healthOnMainPort: false }],
  [environment.starterDatabase, 'starter/e1-1', { starterDatabase: 'starter/e1-1' }],
  [environment.programs, 'a=/bin/a, b.c=/opt/b c', { programs: { a: '/bin/a', 'b.c': '/opt/b c' } }],
  [environment.services, 'ValidateAddress, GetPostalCodes', { services: ['ValidateAddress', 'GetPostalCodes'] }],
])('%s=%s is read', (variable, text, expected) => {
  expect(readSettings({ [variable]: text })).toMatchObject(expected);
});

test.each([
  [environment.port, '70000', 'SPECTRUM_PORT: "70000" is not allowed; use a whole number from 0 to 65535'],
  [environment.healthOnMainPort, 'yes', 'SPECTRUM_HEALTH_ON_MAIN_PORT: "yes" is not allowed; use true or false'],
  [
    environment.logLevel,
    'loud',
    'SPECTRUM_LOG_LEVEL: "loud" is not allowed; use fatal, error, warn, info, debug, trace or silent',
  ],
  [environment.programs, 'sh', 'SPECTRUM_PROGRAMS: "sh" is not allowed; use <name>=</absolute/path> by commas'],
  [environment.starterDatabase, '../x', 'SPECTRUM_STARTER_DATABASE: "../x" is not allowed; use <database>/<vintage>'],
])('%s=%s is refused in a sentence', (variable, text, sentence) => {
  expect(() => readSettings({ [variable]: text })).toThrow(sentence);
});

test('settings cannot be changed', () => {
  expect(Object.isFrozen(readSettings({}))).toBe(true);
});
