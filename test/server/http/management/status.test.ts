import { openManagedCluster } from '../../../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(2);
}, 30_000);
afterAll(() => cluster.close());

/** Asks until the answer is as wanted, with a bound: nodes register on their own. */
async function eventually(path: string, isWanted: (body: Readonly<Record<string, unknown>>) => boolean) {
  for (let tries = 0; tries < 500; tries++) {
    const { body } = await cluster.send({ path });
    if (isWanted(body)) return body as Readonly<Record<string, unknown>>;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${path} was never as wanted`);
}

test('the nodes are listed with how far they lag behind', async () => {
  const body = await eventually('/api/v1/nodes', ({ items }) => (items as unknown[]).length === 2);
  expect(body.items).toEqual(
    ['node-1', 'node-2'].map((name) => ({
      name,
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      version: '1.0.0',
      group: '',
      revision: expect.stringMatching(/^1\.\d+$/),
      load: 0,
      lag: expect.any(Number),
    })),
  );
  await cluster.send({ method: 'POST', path: '/api/v1/settings', body: { name: 'newer', value: 1 } });
  const lags = (await cluster.send({ path: '/api/v1/nodes' })).body.items as unknown as { lag: number }[];
  expect(Math.max(...lags.map(({ lag }) => lag))).toBeGreaterThan(0);
});

test('the cluster tells its state, and the copies of two nodes have one digest', async () => {
  const [first, second] = [0, 1].map((node) => cluster.send({ node, path: '/api/v1/cluster' }));
  const [a, b] = [(await first)?.body, (await second)?.body];
  expect(a).toMatchObject({ cluster: 'spectrum', node: 'node-1', state: 'current', format: 1, versions: ['1.0.0'] });
  if (a?.revision === b?.revision) expect(a?.digest).toBe(b?.digest);
  expect(a?.digest).toMatch(/^[0-9a-f]{64}$/);
});

test('every kind is described with its schema, for forms', async () => {
  const { items } = (await cluster.send({ path: '/api/v1/kinds' })).body as unknown as {
    items: { kind: string; path: string; schema: object }[];
  };
  const user = items.find(({ kind }) => kind === 'user');
  expect(user).toMatchObject({ path: '/api/v1/users', schema: { properties: { enabled: { type: 'boolean' } } } });
});
