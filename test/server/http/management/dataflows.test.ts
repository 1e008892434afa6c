import { ManagementClient } from '../../../../client/index.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { exposeDataflows, routedService } from '../../../support/service-dataflows.ts';
import { adminPassword, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let client: ManagementClient;
beforeEach(async () => {
  const configuration = new InMemoryConfiguration();
  gateway = await openTestGateway({ configuration, exposed: exposeDataflows(configuration) });
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
});

test('a few records try a version that nobody calls yet', async () => {
  await save('routed', [routedService]);
  const rows = [{ strInput: 'x', typeInput: 2 }];
  expect((await client.dataflows.sample('routed', { rows })).answers).toEqual([
    [{ strInput: 'x', typeInput: '2', strOutput_2: 'x' }],
  ]);
  await expect(client.dataflows.sample('routed', { rows }, '4')).rejects.toThrow('its versions are 1');
});
