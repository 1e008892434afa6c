import { isDeepStrictEqual } from 'node:util';
import type { ConfigurationKind } from '../../../../contract/kinds.ts';
import type { Configuration } from '../../../../server/configuration/index.ts';
import { choice, list, optional, preset, record, required, text } from '../../../../server/foundation/fields.ts';
import type { RecordField } from '../../../../server/foundation/schema.ts';
import { openManagedCluster } from '../../../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
let newer: Configuration;
beforeAll(async () => {
  cluster = await openManagedCluster(2);
  const { openConfiguration } = loadNewerVersion();
  newer = await openConfiguration({ table: cluster.table, clusterName: 'test' });
}, 30_000);
afterAll(async () => {
  await newer.close();
  await cluster.close();
});

/** The configuration room as a later version would have it: a new kind, new fields at every depth, a new choice. */
function loadNewerVersion(): typeof import('../../../../server/configuration/index.ts') {
  let loaded: typeof import('../../../../server/configuration/index.ts') | undefined;
  jest.isolateModules(() => {
    jest.doMock('../../../../contract/kinds.ts', () => {
      const { kinds } = jest.requireActual<typeof import('../../../../contract/kinds.ts')>(
        '../../../../contract/kinds.ts',
      );
      const extend = (kind: ConfigurationKind, fields: RecordField['fields']) => {
        const { schema } = kinds[kind];
        return { ...kinds[kind], schema: { ...schema, fields: { ...schema.fields, ...fields } } };
      };
      const version = record('A version', {
        number: required({ type: 'integer', description: '', minimum: 1, maximum: 9 }),
        comment: preset(text(''), ''),
        document: required({ type: 'document', description: '' }),
        signature: optional(text('')),
      });
      return {
        kinds: {
          ...kinds,
          'file-server': extend('file-server', {
            type: required(choice('Protocol', ['sftp', 'webdav'])),
            mount: optional(record('Where', { path: required(text('Path')) })),
          }),
          dataflow: extend('dataflow', { versions: preset(list('Versions', version, 1_000, 'number'), []) }),
          spell: { ...kinds.setting, collection: 'spells' },
        },
      };
    });
    loaded = jest.requireActual('../../../../server/configuration/index.ts');
  });
  if (loaded === undefined) throw new Error('the module was not loaded');
  return loaded;
}

/** Stores through the later version and waits until both nodes of this one have it. */
async function store(kind: string, name: string, value: object) {
  const change = {
    kind: kind as ConfigurationKind,
    name,
    value,
    operation: 'put',
    by: 'newer',
    expected: 'absent',
  } as const;
  const { revision } = await newer.commit(change);
  for (const node of cluster.configurations) await node.waitFor(revision, 2_000);
}

const stored = (on: Configuration, kind: string, name: string) =>
  on.snapshot().find(kind as ConfigurationKind, name)?.value;

async function assertByteEqual() {
  const [first, second] = cluster.configurations as unknown as [Configuration, Configuration];
  const { revision } = first.snapshot();
  for (const other of [second, newer]) await other.waitFor(revision, 2_000);
  const digests = [first, second, newer].map((node) => node.status().digest);
  expect(new Set(digests).size).toBe(1);
}

test('a field, a field inside and a choice of a later version survive a change through this one', async () => {
  const value = { type: 'webdav', host: 'files', secret: 'secret:files', mount: { path: '/in' } };
  await store('file-server', 'shared', value);
  const read = await cluster.send({ path: '/api/v1/file-servers/shared' });
  expect(read.body).not.toHaveProperty('mount');
  const changed = await cluster.send({
    method: 'PUT',
    path: '/api/v1/file-servers/shared',
    body: { ...read.body, port: 8443 },
    headers: { 'if-match': read.etag },
  });
  expect(changed.status).toBe(200);
  await assertByteEqual();
  expect(stored(newer, 'file-server', 'shared')).toEqual({ ...value, port: 8443, user: '', settings: {} });
});

test('a field of an entry of a list survives, wherever the entry goes', async () => {
  const versions = [1, 2].map((number) => ({ number, comment: '', document: {}, signature: `sealed ${number}` }));
  await store('dataflow', 'clean', { latest: {}, versions });
  const read = await cluster.send({ node: 1, path: '/api/v1/dataflows/clean' });
  const shown = read.body.versions as unknown as object[];
  expect(JSON.stringify(shown)).not.toContain('signature');
  const more = [{ number: 3, document: {} }, ...[...shown].reverse()];
  const changed = await cluster.send({
    node: 1,
    method: 'PUT',
    path: '/api/v1/dataflows/clean',
    body: { ...read.body, versions: more },
    headers: { 'if-match': read.etag },
  });
  expect(changed.status).toBe(200);
  const { revision } = cluster.configurations[1]?.snapshot() ?? { revision: 0 };
  await cluster.configurations[0]?.waitFor(revision, 2_000);
  await assertByteEqual();
  const kept = (stored(newer, 'dataflow', 'clean') as { versions: object[] }).versions;
  expect(kept).toMatchObject([{ number: 3 }, versions[1] as object, versions[0] as object]);
});

test('a value that this version would not allow anew is refused where it was not', async () => {
  const refused = await cluster.send({
    method: 'POST',
    path: '/api/v1/file-servers',
    body: { name: 'mine', type: 'webdav', host: 'files' },
  });
  expect([refused.status, refused.body.field]).toEqual([422, 'type']);
});

test('a kind of a later version is kept byte for byte, has no path here and disturbs nothing', async () => {
  await store('spell', 'accio', { value: { words: ['ü', 1e21, null] } });
  expect((await cluster.send({ path: '/api/v1/spells' })).status).toBe(404);
  expect((await cluster.send({ path: '/api/v1/configuration' })).text).not.toContain('accio');
  const audit = await cluster.send({ path: '/api/v1/audit-log?kind=spell' });
  expect(audit.body.items).toEqual([expect.not.objectContaining({ value: expect.anything() })]);
  await assertByteEqual();
  const kept = cluster.configurations.map((node) => stored(node, 'spell', 'accio'));
  expect(kept.every((value) => isDeepStrictEqual(value, stored(newer, 'spell', 'accio')))).toBe(true);
});
