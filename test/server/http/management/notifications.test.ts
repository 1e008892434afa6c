import { notificationActions } from '../../../../cli/notification/actions.ts';
import { ManagementClient } from '../../../../client/index.ts';
import { SpectrumError } from '../../../../server/foundation/errors.ts';
import type { JobService } from '../../../../server/http/index.ts';
import { cheapHash } from '../../../support/cheap-hash.ts';
import { adminPassword, basic, openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
const sent: (readonly string[])[] = [];

const notifications: JobService['notifications'] = {
  async sendTest(recipients) {
    if (recipients.includes('nobody@example.com'))
      throw new SpectrumError('CONNECTION_FAILED', 'The mail server is away');
    sent.push(recipients);
    return recipients.filter((one) => !one.startsWith('refused'));
  },
};

function never(): never {
  throw new Error('no test asks for this');
}

beforeEach(async () => {
  sent.length = 0;
  const rest = { get: never, report: never, list: never, submit: never, command: never, stages: never, check: never };
  gateway = await openTestGateway({ jobs: { ...rest, notifications } });
  await gateway.configuration.put('role', 'viewer', { description: '', permissions: { Notification: ['view'] } });
  await gateway.configuration.put('user', 'viewer', { roles: ['viewer'], passwordHash: await cheapHash('x') });
});
afterEach(() => gateway.close());

const client = () =>
  new ManagementClient({ url: gateway.origin, credentials: { user: 'admin', password: adminPassword } });

async function run(action: string, ...words: string[]) {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  const flags = { url: '', user: '', data: '' };
  const code = await notificationActions[action]?.run({ client: client(), words, flags, write });
  return { code, text };
}

test('a test mail is sent to the recipients, and the CLI tells who got it', async () => {
  expect(await run('test', 'ann@example.com', 'bob@example.com')).toEqual({
    code: 0,
    text: 'sent to ann@example.com, bob@example.com\n',
  });
  expect((await run('test', 'ann@example.com', 'refused@example.com')).code).not.toBe(0);
  expect(sent[0]).toEqual(['ann@example.com', 'bob@example.com']);
  await expect(run('test', 'nobody@example.com')).rejects.toMatchObject({ code: 'CONNECTION_FAILED', status: 503 });
  await expect(run('test')).rejects.toThrow('the address of a recipient is missing');
});

test('the CLI lists who is told about what', async () => {
  const value = { event: 'job-end', recipients: ['ann@example.com'], outcomes: ['failed'], flow: 'clean' };
  await gateway.configuration.put('notification', 'stewards', value);
  expect((await run('list')).text).toBe('stewards: job-end, clean, failed; to ann@example.com\n');
});

test.each<[string, object, number]>([
  ['viewer', { recipients: ['ann@example.com'] }, 403],
  ['admin', { recipients: [] }, 400],
  ['admin', { recipients: ['ann@example.com\r\nBcc: eve@example.com'] }, 400],
  ['admin', { recipients: Array(11).fill('ann@example.com') }, 400],
  ['admin', { recipients: ['ann@example.com'], subject: 'x' }, 400],
  ['admin', { recipients: ['ann@example.com'] }, 200],
])('%s asks for %j: %i', async (user, body, status) => {
  const authorization = user === 'admin' ? gateway.authorization : basic(user, 'x');
  const headers = { authorization, 'content-type': 'application/json' };
  const url = `${gateway.origin}/api/v1/notification-test`;
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status).toBe(status);
  expect(sent.length).toBe(status === 200 ? 1 : 0);
});
