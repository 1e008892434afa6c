import type { NodeRegistration } from '../../../../server/cluster/index.ts';
import { forwardedHeader } from '../../../../server/http/security/node-identity.ts';
import { echoService } from '../../../support/echo-service.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

/**
 * ```
 * run on plain (no group: Echo) ──► greeting-1, greeting-2 (group greeting: GreetPerson)
 * ```
 */
let configuration: InMemoryConfiguration;
let registered: NodeRegistration[];
let plain: TestGateway;
let greeting: TestGateway[];
/** Pauses of the node that passes batches on. */
let pauses: number;
let onPause: () => void;

beforeEach(async () => {
  pauses = 0;
  onPause = () => undefined;
  configuration = new InMemoryConfiguration();
  await configuration.put('node-group', 'greeting', { description: '', services: [sampleService.name] });
  plain = await openNode('plain', '');
  greeting = [await openNode('greeting-1', 'greeting'), await openNode('greeting-2', 'greeting')];
  registered = [toRegistration(plain, ''), ...greeting.map((node) => toRegistration(node, 'greeting'))];
});
afterEach(async () => {
  for (const node of [plain, ...greeting]) await node.close();
});

function openNode(nodeName: string, name: string) {
  const after = (_: number, run: () => void) => {
    pauses++;
    onPause();
    setImmediate(run);
    return () => undefined;
  };
  return openTestGateway({
    configuration,
    nodeName,
    services: [sampleService, echoService],
    group: { name, nodes: () => registered },
    ...(nodeName === 'plain' && { timing: { after } }),
  });
}

function toRegistration({ origin }: TestGateway, group: string): NodeRegistration {
  const address = origin.replace('http://', '');
  return { name: address, address, version: '0', group, revision: '1.1', format: 1, load: 0 };
}

const rowsOf = (node: TestGateway, name: string) => node.meter.of(name).rows;
const path = `/nodes/services/${sampleService.name}/batch`;

function greet(rows: readonly object[], options: Record<string, string> = {}) {
  const fields = ['Greeting', 'Status'];
  return plain.batches?.call({ service: sampleService.name, options, fields, rows: JSON.stringify(rows) });
}

test('a node knows which services others run', () => {
  expect([plain.batches?.elsewhere(), greeting[0]?.batches?.elsewhere()]).toEqual([[sampleService.name], ['Echo']]);
});

test('the nodes of the group answer in turns: for each record its answers, of them the fields that are wanted', async () => {
  const rows = [
    { FirstName: 'Ann', 'Name.Last': 'Lee' },
    { FirstName: '' },
    { FirstName: `B\u0000${'o'.repeat(5_000)}` },
  ];
  const texts = [await greet(rows, { 'Repeat.Count': '2' }), await greet(rows, { 'Repeat.Count': '0' })];
  expect(texts.map((text) => JSON.parse(text ?? ''))).toEqual([
    [
      [{ Greeting: 'Hello Ann' }, { Greeting: 'Hello Ann' }],
      [{ Status: 'F' }],
      Array(2).fill({ Greeting: `Hello B\u0000${'o'.repeat(5_000)}` }),
    ],
    [[], [{ Status: 'F' }], []],
  ]);
  expect(greeting.map((node) => rowsOf(node, sampleService.name))).toEqual([3, 3]);
  expect(pauses).toBe(0);
});

test('options are those of the run, whatever is saved for the service meanwhile', async () => {
  await configuration.put('service-default', sampleService.name, { options: { Tone: 'Loud' } });
  expect(await greet([{ FirstName: 'Ann' }])).toContain('Hello Ann');
});

test('a wrong option is refused at once, as the group refuses it', async () => {
  await expect(greet([{ FirstName: 'Ann' }], { Tone: 'Shrill' })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    facts: { option: 'Tone', given: 'Shrill' },
  });
  expect(pauses).toBe(0);
});

test('a node that has gone is passed over, and a group that is away for a while is waited for', async () => {
  await greeting[0]?.close();
  expect(await greet([{ FirstName: 'Ann' }])).toContain('Hello Ann');
  const known = registered;
  registered = [];
  onPause = () => {
    if (pauses === 20) registered = known;
  };
  expect(await greet([{ FirstName: 'Bob' }])).toContain('Hello Bob');
  expect(pauses).toBe(20);
});

test('a group that stays away is told after a minute', async () => {
  registered = [];
  await expect(greet([{ FirstName: 'Ann' }])).rejects.toMatchObject({
    code: 'NO_NODE_READY',
    message: expect.stringContaining('GreetPerson runs in the node group greeting, none of which answers now'),
  });
  expect(pauses).toBe(60);
});

test('a caller who waits for an answer is told at once', async () => {
  registered = [];
  const batch = { service: sampleService.name, options: {}, fields: [], rows: '[]' };
  await expect(plain.batches?.call(batch, 0)).rejects.toMatchObject({ code: 'NO_NODE_READY' });
  expect(pauses).toBe(0);
});

test('a service that the configuration brings here meanwhile is answered here', async () => {
  await configuration.put('node-group', 'greeting', { description: '', services: [] });
  expect(await greet([{ FirstName: 'Ann' }])).toContain('Hello Ann');
  expect(greeting.map((node) => rowsOf(node, sampleService.name))).toEqual([0, 0]);
});

test('a batch is not passed on a second time', async () => {
  const answer = await fetch(plain.origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [forwardedHeader]: await plain.identity.signBatch(path) },
    body: '{}',
  });
  expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'NO_NODE_READY' })]);
});

test.each<[string, () => Record<string, string> | Promise<Record<string, string>>]>([
  ['no identity', () => ({})],
  ['a password', () => ({ authorization: plain.authorization })],
  ['the identity of a forwarded call', async () => ({ [forwardedHeader]: await plain.identity.sign('admin', path) })],
  [
    'the identity of another service',
    async () => ({ [forwardedHeader]: await plain.identity.signBatch('/nodes/services/Echo/batch') }),
  ],
])('a batch with %s is refused', async (_title, headersOf) => {
  const headers = { 'content-type': 'application/json', ...(await headersOf()) };
  const answer = await fetch((greeting[0] as TestGateway).origin + path, { method: 'POST', headers, body: '{}' });
  expect([answer.status, await answer.json()]).toEqual([401, expect.objectContaining({ code: 'CREDENTIALS_REFUSED' })]);
});

test('the identity of a batch opens no call of a user', async () => {
  const rest = `/rest/${sampleService.name}/results.json`;
  const headers = { [forwardedHeader]: await plain.identity.signBatch(rest) };
  const answer = await fetch(`${(greeting[0] as TestGateway).origin}${rest}?Data.FirstName=Ann`, { headers });
  expect(answer.status).toBe(401);
});
