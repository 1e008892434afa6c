import { readFileSync } from 'node:fs';
import { ManagementClient } from '../../../../client/index.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { exposeDataflows, routedService } from '../../../support/service-dataflows.ts';
import { interfaces } from '../../../support/service-interfaces.ts';
import { adminPassword, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let client: ManagementClient;
let exposed: ReturnType<typeof exposeDataflows>;
beforeEach(async () => {
  const configuration = new InMemoryConfiguration();
  exposed = exposeDataflows(configuration);
  gateway = await openTestGateway({ configuration, exposed });
  client = new ManagementClient({ url: gateway.origin, credentials: { user: 'admin', password: adminPassword } });
});
afterEach(() => gateway.close());

const broken = { ...routedService, channels: routedService.channels.slice(1) };
const save = (name: string, documents: readonly object[], more: object = {}) =>
  client.objects('dataflow').create(name, {
    latest: documents.at(-1) ?? {},
    versions: documents.map((document, index) => ({ number: index + 1, comment: '', document })),
    ...more,
  });

async function call(query: string): Promise<number> {
  const response = await fetch(`${gateway.origin}/rest/routed/results.json?${query}`, {
    headers: { authorization: gateway.authorization },
  });
  return response.status;
}

test('the newest version is exposed unless another is named, and taken back', async () => {
  await save('routed', [routedService, routedService]);
  expect(await client.dataflows.expose('routed')).toBe(2);
  expect(await call('Data.strInput=a&Data.typeInput=1')).toBe(200);
  expect(await client.dataflows.expose('routed', 1)).toBe(1);
  await client.dataflows.unexpose('routed');
  expect(await call('Data.strInput=a&Data.typeInput=1')).toBe(404);
});

test.each([
  ['a version that is not there', [routedService], 7, 'version: routed has no version 7; its versions are 1'],
  ['a dataflow without a version', [], undefined, 'its versions are none yet; save one'],
  [
    'one with something wrong',
    [broken],
    undefined,
    'routed: stage in, port output_port: the output port has no channel',
  ],
])('%s is not exposed', async (_, documents, version, sentence) => {
  await save('routed', documents);
  await expect(client.dataflows.expose('routed', version)).rejects.toThrow(sentence);
  expect(await call('')).toBe(404);
});

test('saving a dataflow exposes it by the same rules', async () => {
  await expect(save('routed', [broken], { exposedVersion: 1 })).rejects.toThrow('the output port has no channel');
  await expect(save('GreetPerson', [routedService], { exposedVersion: 1 })).rejects.toThrow(
    'save the dataflow under another',
  );
  await expect(save('with space', [routedService], { exposedVersion: 1 })).rejects.toThrow(
    'cannot be that of a service',
  );
  await save('routed', [routedService], { exposedVersion: 1 });
  await client
    .objects('dataflow')
    .change('routed', ({ name: _, revision: __, ...value }) => ({ ...value, latest: broken }));
  expect(await call('Data.strInput=a&Data.typeInput=1')).toBe(200);
});

test('who may change dataflows and not expose them changes no exposure', async () => {
  await save('routed', [routedService]);
  await client.objects('role').create('drawer', { permissions: { Dataflows: ['view', 'modify', 'create'] } });
  await client.objects('user').create('ann', { roles: ['drawer'], password: 'long enough!' });
  const ann = new ManagementClient({ url: gateway.origin, credentials: { user: 'ann', password: 'long enough!' } });
  await expect(ann.dataflows.expose('routed')).rejects.toThrow('no execute permission on Dataflows - Expose: routed');
  const edit = ann
    .objects('dataflow')
    .change('routed', ({ name: _, revision: __, ...value }) => ({ ...value, exposedVersion: 1 }));
  await expect(edit).rejects.toThrow('no execute permission on Dataflows - Expose: routed');
  expect(await importAs('ann', 'dataflow', 'routed', 1)).toContain(
    'no execute permission on Dataflows - Expose: routed',
  );
  expect(await importAs('ann', 'dataflow', 'routed', undefined)).toContain('"operation":"change"');
});

test('exposing a process flow takes a right of its own, in an import too', async () => {
  await client.objects('role').create('drawer', { permissions: { 'Process Flows': ['view', 'modify', 'create'] } });
  await client.objects('user').create('ann', { roles: ['drawer'], password: 'long enough!' });
  const ann = new ManagementClient({ url: gateway.origin, credentials: { user: 'ann', password: 'long enough!' } });
  const versions = [{ number: 1, comment: '', document: {} }];
  const refusal = 'no execute permission on Process Flows - Expose: night';
  const create = ann.objects('process-flow').create('night', { latest: {}, versions, exposedVersion: 1 });
  await expect(create).rejects.toThrow(refusal);
  expect(await importAs('ann', 'process-flow', 'night', 1)).toContain(refusal);
  await ann.objects('process-flow').create('night', { latest: {}, versions });
});

/** The answer to an import of one flow. */
async function importAs(user: string, kind: string, name: string, exposedVersion: number | undefined) {
  const versions = [{ number: 1, comment: 'imported', document: routedService }];
  const objects = [{ kind, name, value: { latest: {}, versions, exposedVersion } }];
  const response = await fetch(`${gateway.origin}/api/v1/configuration/import?dryRun=true`, {
    method: 'POST',
    headers: { authorization: basic(user, 'long enough!'), 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects }),
  });
  return JSON.stringify(await response.json());
}

test('a few records try a version that nobody calls yet', async () => {
  await save('routed', [routedService]);
  const rows = [{ strInput: 'x', typeInput: 2 }];
  expect((await client.dataflows.sample('routed', { rows })).answers).toEqual([
    [{ strInput: 'x', typeInput: '2', strOutput_2: 'x' }],
  ]);
  await expect(client.dataflows.sample('routed', { rows }, '4')).rejects.toThrow('its versions are 1');
});

describe('a .df file', () => {
  const routed = readFileSync('test/fixtures/dataflow-format/routed.df', 'utf8');
  const indexing = readFileSync('test/fixtures/dataflow-format/indexing-job.df', 'utf8');
  const withoutComment = (text: string) => text.replace(/^<!--.*?-->/, '');
  const answers = [
    [
      'foo',
      '1',
      [
        ['strOutput_1', 'foo'],
        ['strInput', 'foo'],
        ['typeInput', 1],
      ],
    ],
    [
      'bar',
      '2',
      [
        ['strInput', 'bar'],
        ['typeInput', 2],
        ['strOutput_2', 'bar'],
      ],
    ],
    [
      'fubar',
      '3',
      [
        ['Status', 'F'],
        ['Status.Code', '400'],
        ['Status.Description', 'Invalid value for typeInput'],
        ['strInput', 'fubar'],
        ['typeInput', 3],
      ],
    ],
  ] as const;

  test('is imported, exposed, answers over every interface as where it comes from, and is exported equal', async () => {
    const saved = await client.dataflows.importFile(routed, { comment: 'from elsewhere' });
    expect(saved).toEqual({ name: 'routed', version: 1, problems: [], notUnderstood: [] });
    await client.dataflows.expose('routed');
    const service = await exposed.find('routed');
    if (service === undefined) throw new Error('it is not exposed');
    const target = { origin: gateway.origin, authorization: gateway.authorization };
    for (const [strInput, typeInput, fields] of answers) {
      for (const one of interfaces) {
        const { status, rows } = await one.call(target, service, { rows: [{ fields: { strInput, typeInput } }] });
        const isJson = one.title.endsWith('json');
        const expected = fields.map(([name, value]) => [name, isJson ? value : String(value)]);
        expect({ over: one.title, status, rows }).toEqual({
          over: one.title,
          status: 200,
          rows: [{ fields: expected, userFields: [] }],
        });
      }
    }
    expect(withoutComment(await client.dataflows.exportFile('routed'))).toBe(withoutComment(routed));
  });

  test('that was exposed is exposed here too, as the next version of what has its name', async () => {
    await save('routed', [routedService]);
    const published = routed.replace('<exposed>false</exposed>', '<exposed>true</exposed>');
    expect(await client.dataflows.importFile(published)).toMatchObject({ version: 2, exposedVersion: 2 });
    expect(await call('Data.strInput=a&Data.typeInput=1')).toBe(200);
  });

  test('that is not understood whole is saved, told and not exposed', async () => {
    const published = indexing.replace('<exposed>false</exposed>', '<exposed>true</exposed>');
    const saved = await client.dataflows.importFile(published, { name: 'indexing' });
    expect(saved).toMatchObject({ name: 'indexing', version: 1 });
    expect([saved.exposedVersion, saved.problems.length, saved.notUnderstood.length]).toEqual([undefined, 2, 2]);
    await expect(client.dataflows.expose('indexing')).rejects.toThrow('not understood: the transform Custom "Measure"');
    await expect(client.dataflows.importFile(indexing, { expose: true })).rejects.toThrow('not understood');
    expect((await client.dataflows.checkFile(indexing)).problems).toHaveLength(2);
    expect(withoutComment(await client.dataflows.exportFile('indexing'))).toBe(
      withoutComment(published).replace('id="Customers to index"', 'id="indexing"'),
    );
  });

  test('is sent as XML and comes as a file', async () => {
    await client.dataflows.importFile(routed);
    const response = await fetch(`${gateway.origin}/api/v1/dataflows/routed/export`, {
      headers: { authorization: gateway.authorization },
    });
    expect(response.headers.get('content-type')).toBe('application/xml;charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''routed.df");
    await expect(client.dataflows.importFile('<!DOCTYPE x><x/>')).rejects.toThrow('a document type is not allowed');
    const wrong = await fetch(`${gateway.origin}/api/v1/dataflow-import`, {
      method: 'POST',
      headers: { authorization: gateway.authorization, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(wrong.status).toBe(415);
  });
});
