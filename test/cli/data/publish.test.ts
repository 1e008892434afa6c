import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openClient } from '../../../cli/data/management.ts';
import { publish } from '../../../cli/data/publish.ts';
import type { Progress } from '../../../cli/output/progress.ts';

interface Stored {
  revision: number;
  value: Record<string, unknown>;
}

/** A management API of one node; a vintage named `bad` never opens there. */
function createApi() {
  const resources = new Map<string, Stored>();
  const changes: string[] = [];
  let revision = 10;
  const answerNode = () => ({
    name: 'node-1',
    databases: [...resources].map(([name, { value }]) => {
      const isBad = value.vintage === 'bad';
      const trouble = { vintage: 'q1', pendingVintage: 'bad', problem: 'it is damaged' };
      return { name, module: 'addressing', database: 'us', ...(isBad ? trouble : { vintage: value.vintage }) };
    }),
  });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}');
    const name = /^\/api\/v1\/database-resources\/(.+)$/.exec(request.url ?? '')?.[1] ?? body.name;
    const known = name === undefined ? undefined : resources.get(name);
    const send = (status: number, body: object, etag = ''): void => {
      response.writeHead(status, { etag }).end(JSON.stringify(body));
    };
    if (name === undefined) return send(200, answerNode());
    if (request.method === 'GET' && !known) return send(404, { code: 'UNKNOWN_OBJECT', message: 'there is none' });
    if (request.method === 'GET') return send(200, known?.value ?? {}, `"1.${known?.revision}"`);
    const wanted = request.headers['if-match'] ?? 'none';
    if (known && wanted !== '*' && wanted !== `"1.${known.revision}"`)
      return send(409, { code: 'REVISION_CONFLICT', message: 'read it again' });
    revision += 1;
    changes.push(`${request.method} ${name}`);
    if (request.method === 'DELETE') resources.delete(name);
    else resources.set(name, { revision, value: body });
    send(200, {}, `"1.${revision}"`);
  });
  return { server, resources, changes };
}

const silent: Progress = { show: () => undefined, say: () => undefined };
const options = { resource: 'us', module: 'addressing', database: 'us', timeoutMs: 5_000 } as const;
let server: Server | undefined;

afterEach(() => server?.close());

async function open() {
  const created = createApi();
  server = created.server;
  await new Promise<void>((done) => created.server.listen(0, '127.0.0.1', done));
  const { port } = created.server.address() as AddressInfo;
  const api = openClient({ url: `http://127.0.0.1:${port}`, user: 'admin', password: 'x' });
  return { ...created, api };
}

test('a first vintage is one change; a later one is opened beside it before the change', async () => {
  const { api, changes } = await open();
  expect(await publish(api, { ...options, vintage: 'q1' }, silent)).toBe('us answers from q1 as of revision 1.11');
  expect(await publish(api, { ...options, vintage: 'q2' }, silent)).toBe(
    'us answers from q2 as of revision 1.13; before it was q1',
  );
  expect(await publish(api, { ...options, vintage: 'q2' }, silent)).toBe('us answers from q2 already');
  expect(changes).toEqual(['POST us', 'POST us.next', 'PUT us', 'DELETE us.next']);
});

test('a vintage that a node cannot open is not published, and the reason is told', async () => {
  const { api, resources, changes } = await open();
  await publish(api, { ...options, vintage: 'q1' }, silent);
  await expect(publish(api, { ...options, vintage: 'bad' }, silent)).rejects.toMatchObject({
    exit: 'dataRefused',
    message: 'node-1 cannot open bad: it is damaged',
  });
  expect(changes).toEqual(['POST us', 'POST us.next', 'DELETE us.next']);
  expect(resources.get('us')?.value.vintage).toBe('q1');
});

test('a first vintage that a node cannot open leaves nothing behind', async () => {
  const { api, resources, changes } = await open();
  await expect(publish(api, { ...options, vintage: 'bad' }, silent)).rejects.toMatchObject({
    exit: 'dataRefused',
    message: 'node-1 cannot open bad: it is damaged',
  });
  expect(changes).toEqual(['POST us', 'DELETE us']);
  expect(resources.size).toBe(0);
});

test('a cluster that is not there is named', async () => {
  const api = openClient({ url: 'http://127.0.0.1:9', user: 'admin', password: 'x' });
  await expect(publish(api, { ...options, vintage: 'q1' }, silent)).rejects.toMatchObject({
    exit: 'dataRefused',
    message: expect.stringContaining('http://127.0.0.1:9 does not answer'),
  });
});
