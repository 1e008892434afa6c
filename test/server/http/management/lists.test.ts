import { openManagedCluster } from '../../../support/management-cluster.ts';

let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(1);
  const [node] = cluster.configurations;
  for (let index = 0; index < 30; index++) {
    const value = {
      type: index % 2 === 0 ? 'sftp' : 's3',
      host: `h${index % 3}.example`,
      port: 1_000 + index,
      secret: `secret:${index}`,
      settings: { region: index % 5 === 0 ? 'eu' : 'us' },
    };
    const name = `server ${String(index).padStart(2, '0')}`;
    await node?.commit({ kind: 'file-server', name, value, operation: 'put', by: 'test', expected: 'absent' });
  }
}, 30_000);
afterAll(() => cluster.close());

type Item = Readonly<Record<string, unknown>>;
const base = '/api/v1/file-servers';
const list = async (query: Record<string, string> | [string, string][]) => {
  const answer = await cluster.send({ path: `${base}?${new URLSearchParams(query)}` });
  return { ...answer, items: answer.body.items as unknown as Item[], next: answer.body.next as string | undefined };
};
const ports = (items: readonly Item[]) => items.map(({ port }) => Number(port) - 1_000);

test('without a limit a list is whole, by name, and shows no secret', async () => {
  const { items, next, text, etag, headers } = await list({});
  expect([ports(items), next]).toEqual([Array.from({ length: 30 }, (_, index) => index), undefined]);
  expect(text).not.toContain('secret');
  expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect((await cluster.send({ path: base, headers: { 'if-none-match': etag } })).status).toBe(304);
});

test.each<[string[], number[]]>([
  [
    ['type=s3', 'host=h1*'],
    [1, 7, 13, 19, 25],
  ],
  [['port>=1027'], [27, 28, 29]],
  [['port<1002'], [0, 1]],
  [['name=*5'], [5, 15, 25]],
  [
    ['settings.region=eu', 'type!=s3'],
    [0, 10, 20],
  ],
  [['name>server 27'], [28, 29]],
  [['user='], Array.from({ length: 30 }, (_, index) => index)],
  [['host=h9*'], []],
])('the filters %j leave %j', async (filters, expected) => {
  const { items } = await list(filters.map((filter) => ['filter', filter] as [string, string]));
  expect(ports(items)).toEqual(expected);
});

test('pages follow each other in the order asked for, whatever changes between them', async () => {
  const seen: number[] = [];
  let query: Record<string, string> = { sort: 'host,-port', limit: '7' };
  for (let page = 0; page < 10; page++) {
    const { items, next, headers } = await list(query);
    seen.push(...ports(items));
    if (next === undefined) break;
    expect(headers.get('link')).toContain(`cursor=${encodeURIComponent(next)}`);
    query = { ...query, cursor: next };
  }
  const all = Array.from({ length: 30 }, (_, index) => index);
  const expected = all.sort((a, b) => (a % 3) - (b % 3) || b - a);
  expect(seen).toEqual(expected);
});

test('a list of roles is filtered by its entries', async () => {
  const { body } = await cluster.send({ path: '/api/v1/users?filter=roles=admin' });
  expect((body.items as unknown as Item[]).map(({ name }) => name)).toEqual(['admin']);
});

test.each([
  ['limit=0', 'limit: "0" is not allowed; use a whole number from 1 to 10000'],
  ['limit=many', 'limit: "many" is not allowed'],
  ['sort=colour', 'sort: there is no field "colour"; use name, type, host, port, user, settings'],
  ['sort=secret', 'sort: there is no field "secret"'],
  ['filter=secret=secret:1*', 'filter: there is no field "secret"'],
  ['filter=port', 'filter: "port" is not allowed; use a field, one of != >= <= = > <, and a value'],
  ['cursor=abc', 'cursor: is not one of this list and order'],
  ['page=2', 'page: is unknown; use limit, cursor, filter, sort'],
])('%s is refused', async (query, sentence) => {
  const { status, body } = await cluster.send({ path: `${base}?${query}` });
  expect([status, body.message]).toEqual([400, expect.stringContaining(sentence)]);
});

test('a cursor of another order is refused', async () => {
  const { next = '' } = await list({ limit: '3', sort: 'port' });
  expect((await list({ limit: '3', sort: '-port', cursor: next })).status).toBe(400);
});

test('lines come one by one', async () => {
  const { text, headers } = await cluster.send({ path: base, headers: { accept: 'application/x-ndjson' } });
  expect(headers.get('content-type')).toBe('application/x-ndjson;charset=utf-8');
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).port - 1_000)).toEqual(Array.from({ length: 30 }, (_, index) => index));
});

test('an empty list is one', async () => {
  expect((await cluster.send({ path: '/api/v1/licences' })).body).toEqual({ items: [] });
});

test('a long list is sent in pieces', async () => {
  const [node] = cluster.configurations;
  const value = { value: 'x'.repeat(2_000) };
  for (let index = 0; index < 60; index++) {
    await node?.commit({
      kind: 'setting',
      name: `long ${index}`,
      value,
      operation: 'put',
      by: 'test',
      expected: 'absent',
    });
  }
  const response = await fetch(`${cluster.origins[0]}/api/v1/settings`, {
    headers: { authorization: cluster.authorization },
  });
  expect(response.headers.get('transfer-encoding')).toBe('chunked');
  const items = ((await response.json()) as { items: unknown[] }).items;
  expect(items).toHaveLength(61);
});
