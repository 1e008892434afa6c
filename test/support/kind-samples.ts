import type { ConfigurationKind } from '../../contract/kinds.ts';

interface KindSample {
  /** What the object refers to, in order. */
  readonly needs?: readonly (readonly [kind: ConfigurationKind, name: string, value: object])[];
  readonly value: object;
  /** A field of `value` with another value that is allowed. */
  readonly change: object;
  /** A field with a value that is not, and the words of the refusal. */
  readonly wrong: readonly [value: object, sentence: string];
}

type WrittenKind = Exclude<ConfigurationKind, 'token-key' | 'token-revocation'>;

/** One object of every kind that callers write. */
const smallJob = {
  type: 'job',
  stages: [
    { id: 'read', type: 'ReadFromFile', settings: { file: 'in.csv', fields: [{ name: 'Id' }] } },
    { id: 'drop', type: 'WriteToNull' },
  ],
  channels: [{ from: { stage: 'read', port: 'output_port' }, to: { stage: 'drop', port: 'input_port' } }],
};

export const kindSamples: Readonly<Record<WrittenKind, KindSample>> = {
  user: {
    value: { email: 'eve@example.com', roles: ['integrator'], password: 'long enough!' },
    change: { enabled: false },
    wrong: [{ enabled: 'no' }, 'enabled "no" is not allowed; use true or false'],
  },
  role: {
    value: { permissions: { Services: ['execute'] } },
    change: { description: 'Clerks' },
    wrong: [
      { permissions: { Services: ['fly'] } },
      '"fly" is not allowed; use create, view, modify, delete or execute',
    ],
  },
  'access-control': {
    value: { role: 'user', entityType: 'Services', entity: 'GetPostalCodes', permissions: ['execute'] },
    change: { permissions: [] },
    wrong: [{ role: 'nobody' }, 'role names the role "nobody", which does not exist'],
  },
  dataflow: {
    value: { latest: smallJob, versions: [{ number: 1, comment: 'first', document: smallJob }] },
    change: { exposedVersion: 1 },
    wrong: [{ exposedVersion: 0 }, 'exposedVersion 0 is not allowed; use a whole number from 1'],
  },
  'process-flow': {
    value: { latest: { activities: [] } },
    change: { latest: { activities: ['a'] } },
    wrong: [{ versions: {} }, 'versions {} is not a list'],
  },
  schedule: {
    value: { flowKind: 'dataflow', flow: 'clean', trigger: { kind: 'cron', pattern: '30 2 * * *' } },
    change: { enabled: false },
    wrong: [{ flowKind: 'report' }, 'flowKind "report" is not allowed; use dataflow or process-flow'],
  },
  'service-default': {
    needs: [['database-resource', 'used', { module: 'addressing', database: 'us', vintage: '2026.10' }]],
    value: { options: { OutputCasing: 'U' }, databaseResources: { 'Database.US': 'used' } },
    change: { options: { OutputCasing: 'M' } },
    wrong: [{ databaseResources: { 'Database.US': 'gone' } }, 'names the database-resource "gone"'],
  },
  'database-resource': {
    value: { module: 'addressing', database: 'us', vintage: '2026.10' },
    change: { poolSize: 8 },
    wrong: [{ vintage: '../etc' }, 'vintage "../etc" is not allowed; use letters, digits, dot'],
  },
  connection: {
    value: { type: 'jdbc', settings: { host: 'db.example' }, secret: 'secret:erp' },
    change: { settings: { host: 'db2.example' } },
    wrong: [{ secret: 'hunter2' }, 'secret the value is not allowed; use secret:<name>'],
  },
  'file-server': {
    value: { type: 'sftp', host: 'files.example', secret: 'secret:files' },
    change: { port: 2022 },
    wrong: [{ port: 70_000 }, 'port 70000 is not allowed; use a whole number from 1 to 65535'],
  },
  'node-group': {
    value: { services: ['GeocodeUSAddress'] },
    change: { description: 'Geocoding' },
    wrong: [{ services: 'all' }, 'services "all" is not a list'],
  },
  licence: {
    value: { feature: 'UNC/USA', type: 'time', expires: '2027-03-31' },
    change: { expires: '2028-03-31' },
    wrong: [{ expires: '31.03.2027' }, 'expires "31.03.2027" is not allowed; use a day as YYYY-MM-DD'],
  },
  notification: {
    value: { event: 'licence-expiry', recipients: ['ops@example.com'], daysBefore: 30 },
    change: { daysBefore: 14 },
    wrong: [{ daysBefore: 400 }, 'daysBefore 400 is not allowed; use a whole number from 0 to 365'],
  },
  setting: {
    value: { value: { colour: 'blue' } },
    change: { value: { colour: 'green' } },
    wrong: [{ value: undefined }, 'value is missing; send any JSON'],
  },
};
