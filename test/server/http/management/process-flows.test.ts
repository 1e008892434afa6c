import type { ProcessFlowRunView } from '../../../../contract/process-flows.ts';
import { SpectrumError } from '../../../../server/foundation/errors.ts';
import type { ProcessFlowService } from '../../../../server/http/index.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { adminAuthorization, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
/** What reached the flows. */
let asked: (readonly unknown[])[];

const runs = ['open', 'closed'].map(
  (processFlow): ProcessFlowRunView => ({
    id: `${processFlow}-1`,
    processFlow,
    version: 1,
    state: 'running',
    submittedBy: 'admin',
    submittedAt: '2026-11-22T00:00:00.000Z',
    epoch: 1,
    variables: {},
    activities: [],
  }),
);

async function get(id: string): Promise<ProcessFlowRunView> {
  const run = runs.find((candidate) => candidate.id === id);
  if (run !== undefined) return run;
  throw new SpectrumError('UNKNOWN_OBJECT', `There is no run ${id}`);
}

const processFlows: ProcessFlowService = {
  get,
  list: async () => runs,
  async submit(request, by, key) {
    asked.push([request, by, key]);
    return get(`${request.processFlow}-1`);
  },
  async cancel(id) {
    asked.push([id]);
    return get(id);
  },
  check: async () => [{ activity: 'a', sentence: 'is wrong' }],
};

function never(): never {
  throw new Error('no test asks for this');
}

const others = { get: never, report: never, list: never, submit: never, command: never, stages: never, check: never };

beforeAll(async () => {
  gateway = await openTestGateway({ jobs: { ...others, processFlows } });
  await addUser('operator', { 'Process Flows': ['view', 'execute'] });
  await addUser('viewer', { 'Process Flows': ['view'] });
  await addUser('stranger', {});
  const closed = { entityType: 'Process Flows', entity: 'closed', permissions: [] };
  for (const user of ['operator', 'viewer'])
    await gateway.configuration.put('access-control', user, { user, ...closed });
});
beforeEach(() => {
  asked = [];
});
afterAll(() => gateway.close());

async function addUser(name: string, permissions: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await gateway.configuration.put('role', name, { description: '', permissions });
  await gateway.configuration.put('user', name, { roles: [name], passwordHash: await cheapHash('x') });
}

async function call(user: string, method: string, path: string, body?: object) {
  const authorization = user === 'admin' ? adminAuthorization : basic(user, 'x');
  const response = await fetch(`${gateway.origin}/api/v1/${path}`, {
    method,
    headers: { authorization, 'idempotency-key': 'k', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as { items?: readonly ProcessFlowRunView[] } };
}

test.each([
  ['operator', 'open', 200, 202, 202],
  ['operator', 'closed', 403, 403, 403],
  ['viewer', 'open', 200, 403, 403],
  ['stranger', 'open', 403, 403, 403],
  ['admin', 'closed', 200, 202, 202],
])('%s, who asks for %s, is answered %p, to submit %p and to cancel %p', async (user, flow, view, submit, cancel) => {
  expect((await call(user, 'GET', `process-flow-runs/${flow}-1`)).status).toBe(view);
  expect((await call(user, 'POST', 'process-flow-runs', { processFlow: flow, variables: { a: 'b' } })).status).toBe(
    submit,
  );
  expect((await call(user, 'POST', `process-flow-runs/${flow}-1/cancel`, {})).status).toBe(cancel);
  const submitted = [
    { processFlow: flow, variables: { a: 'b' } },
    user,
    expect.objectContaining({ name: `request/${user}/k`, given: 'k' }),
  ];
  expect(asked).toEqual(submit === 202 ? [submitted, [`${flow}-1`]] : []);
});

test('the list leaves out what the caller may not view', async () => {
  const ids = async (user: string) => (await call(user, 'GET', 'process-flow-runs')).answer.items?.map(({ id }) => id);
  expect(await ids('admin')).toEqual(['open-1', 'closed-1']);
  expect(await ids('viewer')).toEqual(['open-1']);
  expect((await call('stranger', 'GET', 'process-flow-runs')).status).toBe(403);
});

test.each([
  [{}, 'processFlow: nothing is not allowed'],
  [
    { processFlow: 'open', variables: { a: 1 } },
    'variables: {\\"a\\":1} is not allowed; use an object of texts by name',
  ],
  [{ processFlow: 'open', speed: 1 }, 'speed: 1 is not allowed; use processFlow, variables and files'],
])('the request %j is refused', async (body, sentence) => {
  const { status, answer } = await call('admin', 'POST', 'process-flow-runs', body);
  expect([status, JSON.stringify(answer)]).toEqual([400, expect.stringContaining(sentence)]);
});

test('documents are checked, and their schema is there', async () => {
  expect((await call('viewer', 'POST', 'process-flow-check', {})).answer).toEqual({
    problems: [{ activity: 'a', sentence: 'is wrong' }],
  });
  expect((await call('viewer', 'GET', 'process-flow-schema')).answer).toMatchObject({
    type: 'object',
    required: ['activities'],
  });
});
