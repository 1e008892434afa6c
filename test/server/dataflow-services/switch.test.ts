import { openManagedCluster } from '../../support/management-cluster.ts';
import { channel, field } from '../../support/service-dataflows.ts';

/** Two stages write the number of the version, so that an answer of two versions would show. */
const version = (number: number) => {
  const mark = (to: string) => ({ kind: 'custom', to, expression: `'${number}'` });
  return {
    type: 'service',
    stages: [
      { id: 'Input', type: 'Input', settings: { fields: [field('Id', 'integer')] } },
      { id: 'first', type: 'Transformer', settings: { transforms: [mark('First')] } },
      { id: 'sort', type: 'Sorter', settings: { keys: [{ field: 'Id' }] } },
      { id: 'second', type: 'Transformer', settings: { transforms: [mark('Second')] } },
      { id: 'Output', type: 'Output', settings: { fields: [field('Id', 'integer'), field('First'), field('Second')] } },
    ],
    channels: [
      channel('Input', 'first'),
      channel('first', 'sort'),
      channel('sort', 'second'),
      channel('second', 'Output'),
    ],
  };
};

const switches = 4;
let cluster: Awaited<ReturnType<typeof openManagedCluster>>;
beforeAll(async () => {
  cluster = await openManagedCluster(3);
}, 60_000);
afterAll(() => cluster.close());

interface Seen {
  readonly node: number;
  readonly status: number;
  readonly versions: readonly string[];
}

async function call(node: number, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
  const response = await fetch(`${cluster.origins[node]}/rest/tagged/results.json`, {
    method: 'POST',
    headers: { authorization: cluster.authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ Input: { Row: [{ Id: 3 }, { Id: 1 }, { Id: 2 }] } }),
  });
  const body = JSON.parse(await response.text());
  const rows: Record<string, string>[] = body.Output ?? [];
  const versions = new Set(rows.flatMap(({ First, Second }) => [String(First), String(Second)]));
  return { node, status: response.status, versions: [...versions] };
}

test('another exposed version is for the next request on every node: none fails, none is of two versions', async () => {
  const versions = [1, 2].map((number) => ({ number, comment: '', document: version(number) }));
  const created = await cluster.send({
    method: 'POST',
    path: '/api/v1/dataflows',
    body: { name: 'tagged', latest: version(2), versions, exposedVersion: 1 },
  });
  expect(created.status).toBe(201);
  const revision = { 'spectrum-revision': String(created.headers.get('spectrum-revision')) };
  for (const node of [0, 1, 2]) expect(await call(node, revision)).toEqual({ node, status: 200, versions: ['1'] });

  const seen: Seen[] = [];
  let isOver = false;
  const load = async (node: number) => {
    while (!isOver) seen.push(await call(node));
  };
  const callers = [0, 1, 2].map(load);
  for (let turn = 1; turn <= switches; turn++) {
    const number = (turn % 2) + 1;
    const answer = await cluster.send({
      method: 'POST',
      node: turn % 3,
      path: '/api/v1/dataflows/tagged/expose',
      body: { version: number },
    });
    expect(answer.status).toBe(200);
    const after = { 'spectrum-revision': String(answer.headers.get('spectrum-revision')) };
    // Whoever has exposed it gets it, whichever node answers.
    for (const node of [0, 1, 2]) expect((await call(node, after)).versions).toEqual([String(number)]);
    await until(() =>
      [0, 1, 2].every((node) => seen.findLast((one) => one.node === node)?.versions[0] === `${number}`),
    );
  }
  isOver = true;
  await Promise.all(callers);
  expect(seen.filter(({ status, versions: found }) => status !== 200 || found.length !== 1)).toEqual([]);
  for (const node of [0, 1, 2]) {
    const found = new Set(seen.filter((one) => one.node === node).flatMap((one) => one.versions));
    expect([...found].sort()).toEqual(['1', '2']);
  }
}, 120_000);

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isTrue()).toBe(true);
}
