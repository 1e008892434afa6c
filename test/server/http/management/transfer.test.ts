import { openManagedCluster } from '../../../support/management-cluster.ts';
import { basic } from '../../../support/test-gateway.ts';

type Cluster = Awaited<ReturnType<typeof openManagedCluster>>;
let source: Cluster;
let target: Cluster;
// No test changes the source.
beforeAll(async () => {
  source = await openManagedCluster(1);
  for (const [collection, body] of objects) {
    expect((await source.send({ method: 'POST', path: `/api/v1/${collection}`, body })).status).toBe(201);
  }
}, 30_000);
afterAll(() => source.close());
beforeEach(async () => {
  target = await openManagedCluster(1);
});
afterEach(() => target.close());

const objects: readonly (readonly [string, object])[] = [
  ['roles', { name: 'clerk', permissions: { Services: ['execute'] } }],
  ['users', { name: 'eve', roles: ['clerk'], password: 'long enough!' }],
  ['database-resources', { name: 'us', module: 'addressing', database: 'us', vintage: '2026.10' }],
  ['connections', { name: 'erp', type: 'jdbc', secret: 'secret:erp' }],
  ['service-defaults', { name: 'GetPostalCodes', databaseResources: { 'Database.US': 'us' } }],
];
const passphrase = { 'spectrum-passphrase': 'a long passphrase' };

const backUp = (headers = {}) => source.send({ path: '/api/v1/configuration', headers });
const restore = (cluster: Cluster, text: string, query = '', headers = {}) =>
  cluster.send({ method: 'POST', path: `/api/v1/configuration/import${query}`, text, headers });
const steps = (answer: Awaited<ReturnType<Cluster['send']>>) =>
  (answer.body.items as unknown as Step[]).map(({ operation, kind, name }) => `${operation} ${kind}/${name}`);
interface Step {
  readonly operation: string;
  readonly kind: string;
  readonly name: string;
  readonly changes: readonly object[];
  readonly needsPassword?: boolean;
  readonly problem?: string;
}

test('a backup restored into an empty cluster gives the same configuration, passwords and secrets among it', async () => {
  const backup = await backUp(passphrase);
  expect(backup.headers.get('content-disposition')).toMatch(/^attachment; filename="configuration-1\.\d+\.json"$/);
  expect(backup.text).not.toMatch(/scrypt\$|secret:erp|passwordHash/);
  const restored = await restore(target, backup.text, '', passphrase);
  expect([restored.status, steps(restored)]).toEqual([
    200,
    [
      'create role/clerk',
      'change user/admin',
      'create user/eve',
      'create database-resource/us',
      'create connection/erp',
      'create service-default/GetPostalCodes',
    ].filter((step) => step !== 'change user/admin'),
  ]);
  const values = ({ configurations }: Cluster) =>
    (['user', 'connection', 'service-default'] as const).map((kind) =>
      configurations[0]
        ?.snapshot()
        .list(kind)
        .map(({ name, value }) => [name, value]),
    );
  expect(values(target)).toEqual(values(source));
  const asEve = { path: '/api/v1', authorization: basic('eve', 'long enough!') };
  expect((await target.send(asEve)).status).toBe(403);
  expect(steps(await restore(target, backup.text, '', passphrase))).toEqual([]);
});

test('the dry run lists every difference field by field and what would be refused, and changes nothing', async () => {
  await target.send({
    method: 'POST',
    path: '/api/v1/licences',
    body: { name: 'old', feature: 'x', type: 'unlimited' },
  });
  const resource = { name: 'us', module: 'addressing', database: 'us', vintage: '2026.01' };
  await target.send({ method: 'POST', path: '/api/v1/database-resources', body: resource });
  const file = JSON.parse((await backUp()).text);
  file.objects.push({ kind: 'connection', name: 'bad', value: { type: '' } });
  const revision = target.configurations[0]?.snapshot().revision;
  const dry = await restore(target, JSON.stringify(file), '?dryRun=true&others=remove');
  const listed = dry.body.items as unknown as Step[];
  const stepOf = (name: string) => listed.find((step) => step.name === name);
  expect(dry.status).toBe(200);
  expect(stepOf('us')).toMatchObject({
    operation: 'change',
    changes: [{ field: 'vintage', from: '2026.01', to: '2026.10' }],
  });
  expect(stepOf('old')).toMatchObject({ operation: 'remove' });
  expect(stepOf('eve')).toMatchObject({ operation: 'create', needsPassword: true });
  expect(stepOf('bad')?.problem).toContain('type has 0 characters; allowed are 1 to 50');
  expect(listed.filter(({ problem }) => problem !== undefined)).toHaveLength(1);
  expect(target.configurations[0]?.snapshot().revision).toBe(revision);

  const refused = await restore(target, JSON.stringify(file), '?others=remove');
  expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining('Nothing was imported: ')]);
  expect(refused.body.problems).toEqual([expect.objectContaining({ kind: 'connection', name: 'bad' })]);
  expect(target.configurations[0]?.snapshot().revision).toBe(revision);
});

test('without the passphrase users come without a password that anybody knows', async () => {
  const restored = await restore(target, (await backUp(passphrase)).text);
  expect(restored.status).toBe(200);
  const asEve = { path: '/api/v1', authorization: basic('eve', 'long enough!') };
  expect((await target.send(asEve)).status).toBe(401);
  expect(target.configurations[0]?.snapshot().find('connection', 'erp')?.value).not.toHaveProperty('secret');
});

test('one object is moved by cutting the file down to it', async () => {
  const file = JSON.parse((await backUp(passphrase)).text);
  const one = { ...file, objects: file.objects.filter(({ kind }: { kind: string }) => kind === 'connection') };
  expect(steps(await restore(target, JSON.stringify(one), '', passphrase))).toEqual(['create connection/erp']);
  expect(target.configurations[0]?.snapshot().find('connection', 'erp')?.value).toMatchObject({ secret: 'secret:erp' });
});

test('an import is one change after the other in the audit log, with its reason', async () => {
  await restore(target, (await backUp()).text, '?reason=moved');
  const { items } = (await target.send({ path: '/api/v1/audit-log?user=admin' })).body;
  expect((items as unknown as { reason: string }[]).map(({ reason }) => reason)).toEqual(Array(5).fill('moved'));
});

test.each([
  ['{', '', 422, 'is not JSON'],
  ['{}', '', 422, 'this is not an exported configuration'],
  ['{"type":"spectrum-configuration","version":1,"objects":[{"kind":"spell","name":"x"}]}', '', 422, 'objects[0].kind'],
  [
    '{"type":"spectrum-configuration","version":1,"objects":[{"kind":"role","name":"x"},{"kind":"role","name":"x"}]}',
    '',
    422,
    'objects[1] is role/x once more',
  ],
  [
    '{"type":"spectrum-configuration","version":1,"objects":[]}',
    '?dryRun=maybe',
    400,
    'dryRun: "maybe" is not allowed',
  ],
])('the file %s%s is refused', async (text, query, status, sentence) => {
  const answer = await restore(target, text, query);
  expect([answer.status, answer.body.message]).toEqual([status, expect.stringContaining(sentence)]);
});

test.each([null, [], 'text', { versions: 7, exposedVersion: 1 }, { versions: [null], exposedVersion: 1 }])(
  'a dataflow that is %j is told like any other problem of the file',
  async (value) => {
    const fine = { versions: [{ number: 1, comment: '', document: {} }], latest: {} };
    const objects = [
      { kind: 'dataflow', name: 'odd', value },
      { kind: 'dataflow', name: 'plain', value: fine },
    ];
    const file = { type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects };
    const answer = await restore(target, JSON.stringify(file), '?dryRun=true');
    const listed = answer.body.items as unknown as Step[];
    expect(listed.map(({ name, problem }) => [name, problem !== undefined])).toEqual([
      ['odd', true],
      ['plain', false],
    ]);
  },
);

test('a wrong passphrase opens nothing, a short one seals nothing', async () => {
  const { text } = await backUp(passphrase);
  const wrong = await restore(target, text, '', { 'spectrum-passphrase': 'another passphrase' });
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('does not open the hidden fields')]);
  expect((await backUp({ 'spectrum-passphrase': 'short' })).status).toBe(400);
});
