import type { ScheduleService } from '../../../../server/http/index.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { adminAuthorization, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let asked: (readonly unknown[])[];

const schedules: ScheduleService = {
  async fires(name, limit) {
    asked.push([name, limit]);
    return { next: ['2026-11-23T02:30:00.000Z'], items: [] };
  },
  async runNow(name, by, key) {
    asked.push([name, by, key]);
    return { id: 'f', dueAt: '', firedAt: '', state: 'started', by, run: 'run-1' };
  },
};

function never(): never {
  throw new Error('no test asks for this');
}

const jobs = {
  schedules,
  get: never,
  report: never,
  list: never,
  submit: never,
  command: never,
  stages: never,
  check: never,
};

beforeEach(async () => {
  asked = [];
  gateway = await openTestGateway({ jobs });
  const value = { flowKind: 'dataflow', flow: 'clean', enabled: true, trigger: { kind: 'cron' } };
  await gateway.configuration.put('schedule', 'nightly', value);
  await addUser('viewer', { Schedules: ['view'] });
  await addUser('scheduler', { Schedules: ['view', 'execute'] });
  await addUser('operator', { Schedules: ['view', 'execute'], Jobs: ['execute'] });
});
afterEach(() => gateway.close());

async function addUser(name: string, permissions: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await gateway.configuration.put('role', name, { description: '', permissions });
  await gateway.configuration.put('user', name, { roles: [name], passwordHash: await cheapHash('x') });
}

async function call(user: string, method: string, path: string) {
  const authorization = user === 'admin' ? adminAuthorization : basic(user, 'x');
  const headers = { authorization, 'idempotency-key': 'k' };
  const response = await fetch(`${gateway.origin}/api/v1/schedules/${path}`, { method, headers });
  return { status: response.status, answer: await response.json() };
}

test('tells the next times and those before, as many as are asked for', async () => {
  expect(await call('viewer', 'GET', 'nightly/fires?limit=7')).toEqual({
    status: 200,
    answer: { next: ['2026-11-23T02:30:00.000Z'], items: [] },
  });
  expect((await call('viewer', 'GET', 'nightly/fires?limit=0')).status).toBe(400);
  expect(asked).toEqual([['nightly', 7]]);
});

test.each([
  ['viewer', 403],
  // The right to a schedule is none to its flow.
  ['scheduler', 403],
  ['operator', 202],
  ['admin', 202],
])('%s, who runs it by hand, is answered %p', async (user, status) => {
  expect((await call(user, 'POST', 'nightly/run')).status).toBe(status);
  expect(asked).toEqual(status === 202 ? [['nightly', user, `request/${user}/k`]] : []);
});

test('a schedule that is not there, and a node that runs none, are told so', async () => {
  expect((await call('admin', 'POST', 'weekly/run')).status).toBe(404);
  await gateway.close();
  gateway = await openTestGateway();
  expect(await call('admin', 'GET', 'nightly/fires')).toMatchObject({
    status: 400,
    answer: { message: expect.stringContaining('This cluster fires no schedules') },
  });
});
