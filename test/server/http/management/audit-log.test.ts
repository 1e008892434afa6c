import type { AuditView } from '../../../../contract/management.ts';
import { TableError } from '../../../../server/configuration/index.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';
import { MemoryTable } from '../../../support/table-memory.ts';
import { basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let nowMs: number;
let runtime: MemoryTable;
let configuration: InMemoryConfiguration;
let nodes: TestGateway[];
beforeEach(async () => {
  nowMs = Date.parse('2027-03-31T12:00:00Z');
  runtime = new MemoryTable();
  configuration = new InMemoryConfiguration();
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  nodes = [];
  for (const nodeName of ['node-1', 'node-2']) {
    nodes.push(await openTestGateway({ configuration, runtime, clock, nodeName }));
  }
  await configuration.put('user', 'app', { roles: ['integrator'], passwordHash: await cheapHash('right') });
});
afterEach(async () => {
  for (const node of nodes) await node.close();
});

async function send(node: number, path: string, authorization: string, headers = {}) {
  const answer = await fetch(`${nodes[node]?.origin}${path}`, { headers: { authorization, ...headers } });
  return { status: answer.status, text: await answer.text() };
}

/** The audit log, from the other node than the one that saw what happened. */
async function audit(query: Record<string, string>, headers = {}) {
  for (const node of nodes) await node.journal.close();
  const path = `/api/v1/audit-log?${new URLSearchParams(query)}`;
  return send(1, path, String(nodes[1]?.authorization), headers);
}

async function entries(query: Record<string, string>): Promise<AuditView[]> {
  return JSON.parse((await audit(query)).text).items;
}

const host = '127.0.0.1';

test('logins, failures, locks, tokens and refusals are told, and nothing of them twice', async () => {
  for (let failure = 0; failure < 5; failure++) {
    await send(0, '/api/v1/users', basic('app', `guess ${failure}`));
    nowMs += 60_000;
  }
  await configuration.put('user', 'app', { roles: ['integrator'], passwordHash: await cheapHash('right') });
  for (let time = 0; time < 3; time++) await send(0, '/api/v1/users', basic('app', 'right'));
  await send(0, '/security/rest/token/access/5', basic('app', 'right'));
  const told = await entries({ kind: 'access', user: 'app' });
  expect(told.map(({ operation, reason, count }) => [operation, reason, count]).sort()).toEqual([
    ['issue-token', 'open, for 5 minutes', undefined],
    ['lock', undefined, undefined],
    ['log-in', undefined, undefined],
    ['log-in-failed', undefined, 5],
    ['refuse', 'view on Security - Users', 3],
  ]);
  expect(told.find(({ operation }) => operation === 'log-in-failed')).toMatchObject({
    at: '2027-03-31T12:00:00.000Z',
    until: '2027-03-31T12:04:00.000Z',
    by: 'app',
    name: 'app',
    host,
  });
});

test('a refusal of a service and a forged token are told', async () => {
  await configuration.put('user', 'guest', { roles: ['user'], passwordHash: await cheapHash('right') });
  await send(0, '/rest/GreetPerson/results.json?Data.FirstName=Ann', basic('guest', 'right'));
  await send(0, '/rest/GreetPerson/results.json?Data.FirstName=Ann', 'Bearer forged');
  const told = await entries({ kind: 'access' });
  expect(told).toContainEqual(
    expect.objectContaining({ by: 'guest', operation: 'refuse', reason: 'execute on Services: GreetPerson' }),
  );
  expect(told).toContainEqual(expect.objectContaining({ by: ':unknown', operation: 'log-in-failed' }));
});

test('changes and events are one list in order of time, in pages that repeat and leave out nothing', async () => {
  const everything = await entries({});
  expect(everything.some(({ kind }) => kind === 'role')).toBe(true);
  await send(0, '/api/v1/users', basic('app', 'wrong'));
  const whole = await entries({});
  expect(whole.filter(({ kind }) => kind === 'access').length).toBeGreaterThan(0);
  const paged: AuditView[] = [];
  for (let before: string | undefined = ''; before !== undefined; ) {
    const { text } = await audit({ limit: '2', ...(before && { before }) });
    const page: { items: AuditView[]; next?: string } = JSON.parse(text);
    paged.push(...page.items);
    before = page.next;
  }
  expect(paged).toEqual(whole);
  expect(await entries({ before: '1.3' })).toEqual(
    whole.filter(({ revision }) => ['1.1', '1.2'].includes(revision ?? '')),
  );
});

test('events are exported as CSV and as lines', async () => {
  await send(0, '/api/v1/users', basic('app', 'wrong'));
  const csv = await audit({ kind: 'access', user: 'app' }, { accept: 'text/csv' });
  expect(csv.text.split('\r\n')[1]).toBe(`,2027-03-31T12:00:00.000Z,app,log-in-failed,access,app,,,,,${host}`);
  const lines = await audit({ kind: 'access', user: 'app' }, { accept: 'application/x-ndjson' });
  expect(lines.text.trim().split('\n')).toHaveLength(1);
});

test('without the runtime table changes are still told, and events refused with a sentence', async () => {
  runtime.query = async () => {
    throw new TableError('unreachable', 'away');
  };
  expect((await audit({ kind: 'role' })).status).toBe(200);
  const refused = await audit({ kind: 'access' });
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([503, 'CONFIGURATION_UNAVAILABLE']);
});
