import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await openTestGateway();
});
afterEach(() => gateway.close());

const set = (value: object) => gateway.configuration.put('setting', 'authentication', { value });
const callAnonymously = async () =>
  (await fetch(`${gateway.origin}/rest/GreetPerson/results.json?Data.FirstName=Ann`)).status;

test('an interface is open to everybody while the setting says so', async () => {
  expect(await callAnonymously()).toBe(401);
  await set({ rest: false });
  expect(await callAnonymously()).toBe(200);
  await set({ rest: true });
  expect(await callAnonymously()).toBe(401);
});

test('an interface is closed when a forced move lost the setting that opened it, though the revision is the same', async () => {
  await set({ rest: false });
  expect(await callAnonymously()).toBe(200);
  const { revision } = gateway.configuration.snapshot();
  gateway.configuration.forceMove();
  await set({ soap: false });
  expect(gateway.configuration.snapshot().revision).toBe(revision);
  expect(await callAnonymously()).toBe(401);
});
