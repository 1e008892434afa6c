import { ManagementClient } from '../../../../client/index.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { channel, exposeDataflows, field, routedService } from '../../../support/service-dataflows.ts';
import { adminPassword, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let client: ManagementClient;
beforeEach(async () => {
  const configuration = new InMemoryConfiguration();
  gateway = await openTestGateway({ configuration, exposed: exposeDataflows(configuration) });
  client = new ManagementClient({ url: gateway.origin, credentials: { user: 'admin', password: adminPassword } });
});
afterEach(() => gateway.close());

const fields = { fields: [field('Text')] };
const through = (type: string, stage: object) => ({
  type,
  stages: [
    { id: 'Input', type: 'Input', settings: fields },
    { id: 'change', ...stage },
    { id: 'Output', type: 'Output', settings: fields },
  ],
  channels: [channel('Input', 'change'), channel('change', 'Output')],
});
const upper = { type: 'Transformer', settings: { transforms: [{ kind: 'case', field: 'Text', case: 'upper' }] } };
const shout = through('subflow', upper);
const letters = through('service', { type: 'Subflow', settings: { dataflow: 'shout' } });
const lettersAlone = through('service', upper);
const broken = { ...routedService, channels: routedService.channels.slice(1) };

const flow = (name: string, document: object, exposed = true) => ({
  kind: 'dataflow',
  name,
  value: {
    latest: document,
    versions: [{ number: 1, comment: '', document }],
    ...(exposed && { exposedVersion: 1 }),
  },
});

/** The steps of a dry run with their problems, and the refusal of the import, if any. */
async function importOf(objects: readonly object[], others: 'keep' | 'remove' = 'keep') {
  const file = JSON.stringify({ type: 'spectrum-configuration', version: 1, epoch: 1, revision: 1, objects });
  const steps: string[] = [];
  for await (const { operation, name, problem = 'fine' } of client.importConfiguration(file, {
    others,
    dryRun: true,
  })) {
    if (name !== 'admin') steps.push(`${operation} ${name}: ${problem}`);
  }
  const before = gateway.configuration.snapshot().revision;
  const refusal = await (async () => {
    for await (const step of client.importConfiguration(file, { others })) void step;
  })().then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { steps, refusal, changed: gateway.configuration.snapshot().revision !== before };
}

const answer = async () => {
  const headers = { authorization: gateway.authorization };
  const response = await fetch(`${gateway.origin}/rest/letters/results.json?Data.Text=aBc`, { headers });
  return response.ok ? JSON.stringify(await response.json()) : response.status;
};

test.each([
  ['that does not compile', flow('routed', broken), 'stage in, port output_port: the output port has no channel'],
  [
    'with the name of a service of the server',
    flow(sampleService.name, lettersAlone),
    'save the dataflow under another',
  ],
  ['whose subflow is nowhere', flow('letters', letters), 'no dataflow shout is exposed; save and expose it first'],
  [
    'of a version that is not there',
    { kind: 'dataflow', name: 'none', value: { latest: {}, versions: [], exposedVersion: 3 } },
    'version: none has no version 3; its versions are none yet; save one',
  ],
])('an import that exposes a dataflow %s writes nothing, and the dry run tells why', async (_, object, sentence) => {
  const { steps, refusal, changed } = await importOf([flow('other', lettersAlone), object]);
  expect(steps).toEqual(['create other: fine', expect.stringContaining(sentence)]);
  expect(refusal).toMatch(/^Nothing was imported: /);
  expect(refusal).toContain(sentence);
  expect(changed).toBe(false);
});

test('what is not exposed is imported as it is', async () => {
  const { steps, refusal } = await importOf([flow('routed', broken, false)]);
  expect([steps, refusal]).toEqual([['create routed: fine'], undefined]);
});

test('a subflow of the same file counts, and comes before the service that has it, wherever it stands in it', async () => {
  const { steps, refusal } = await importOf([flow('letters', letters), flow('shout', shout)]);
  expect([steps, refusal]).toEqual([['create shout: fine', 'create letters: fine'], undefined]);
  expect(await answer()).toContain('ABC');
});

test('a subflow that the file does not expose any more, or that is removed by it, is missed', async () => {
  await importOf([flow('letters', letters), flow('shout', shout)]);
  const unexposed = await importOf([flow('shout', shout, false)]);
  expect(unexposed.refusal).toContain('shout is a stage of letters; change or unexpose these first');
  const fresh = through('service', { type: 'Subflow', settings: { dataflow: 'shout', options: {} } });
  const removed = await importOf([flow('letters', fresh)], 'remove');
  expect(removed.steps).toContain(
    'change letters: letters: stage change: no dataflow shout is exposed; save and expose it first',
  );
  expect([unexposed.changed, removed.changed]).toEqual([false, false]);
  const together = await importOf([flow('letters', lettersAlone), flow('shout', shout, false)]);
  expect(together.refusal).toBeUndefined();
  expect(await answer()).toContain('ABC');
});

test('an earlier value of a dataflow is not restored when it exposes what does not run any more', async () => {
  const { configuration } = gateway;
  const put = async ({ kind, name, value }: ReturnType<typeof flow>, found?: { readonly revision: number }) =>
    configuration.write({
      operation: 'put',
      kind: kind as 'dataflow',
      name,
      expected: found?.revision ?? 'absent',
      value,
      by: 'admin',
    });
  const find = (name: string) => configuration.snapshot().find('dataflow', name);
  await put(flow('shout', shout));
  await put(flow('letters', letters));
  const exposed = find('letters')?.revision ?? 0;
  await put(flow('letters', letters, false), find('letters'));
  const restore = async () => {
    const response = await fetch(`${gateway.origin}/api/v1/dataflows/letters/restore`, {
      method: 'POST',
      headers: {
        authorization: basic('admin', adminPassword),
        'content-type': 'application/json',
        'if-match': '*',
      },
      body: JSON.stringify({ revision: `1.${exposed}` }),
    });
    return `${response.status} ${await response.text()}`;
  };
  await put(flow('shout', shout, false), find('shout'));
  expect(await restore()).toMatch(/^\d+ .*INVALID_DATAFLOW/s);
  expect(find('letters')?.value).not.toHaveProperty('exposedVersion');
  await put(flow('shout', shout), find('shout'));
  expect(await restore()).toMatch(/^200 /);
  expect(find('letters')?.value).toHaveProperty('exposedVersion', 1);
});
