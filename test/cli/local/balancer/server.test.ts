import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Agent, request } from 'undici';
import { type Balancer, createBalancer } from '../../../../cli/local/balancer/server.ts';
import type { NodeAddress, NodeState } from '../../../../cli/local/messages.ts';
import { answerName, type FakeAnswer, type FakeNode, startFakeNode } from '../../../support/fake-node.ts';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

test('shares sequential requests evenly', async () => {
  const nodes = await startNodes(answerName, answerName);
  const balancer = await startBalancer(nodes);
  for (let at = 0; at < 10; at += 1) await call(balancer, 'GET', '/rest/x');
  expect(nodes.map((node) => node.received.length)).toEqual([5, 5]);
});

test('gives a slow node fewer requests', async () => {
  const slow: FakeAnswer = (_request, response) => void setTimeout(() => response.end('slow'), 50);
  const nodes = await startNodes(slow, answerName);
  const balancer = await startBalancer(nodes);
  const worker = async () => {
    for (let at = 0; at < 25; at += 1) await call(balancer, 'GET', '/');
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const [slowCount, fastCount] = nodes.map((node) => node.received.length);
  expect(Number(slowCount) + Number(fastCount)).toBe(100);
  expect(Number(slowCount)).toBeLessThan(Number(fastCount) / 2);
});

describe('a node that dies before it answers', () => {
  const repeated = [
    ['GET', '/rest/ValidateAddress/results.json'],
    ['POST', '/rest/ValidateAddress/results.json'],
    ['POST', '/soap/ValidateAddress'],
    ['HEAD', '/rest'],
    ['GET', '/api/v1/users'],
  ] as const;
  test.each(repeated)('%s %s is answered by another node', async (method, path) => {
    const nodes = await startNodes(die, answerName, die);
    const balancer = await startBalancer([nodes[0] as FakeNode, nodes[1] as FakeNode]);
    for (let at = 0; at < 4; at += 1) {
      const { status } = await call(balancer, method, path, method === 'POST' ? 'a body' : undefined);
      expect(status).toBe(200);
    }
    expect(nodes[1]?.received.length).toBe(4);
    expect(nodes[0]?.received.length).toBeGreaterThan(0);
    if (method === 'POST') expect(nodes[1]?.received.map(({ body }) => body.toString())).toContain('a body');
  });

  const never = [
    ['POST', '/api/v1/users'],
    ['PUT', '/api/v1/users/x'],
    ['DELETE', '/api/v1/users/x'],
    ['POST', '/restless'],
  ] as const;
  test.each(never)('%s %s is answered 503 and sent to no other', async (method, path) => {
    const nodes = await startNodes(die, die);
    const balancer = await startBalancer(nodes);
    const { status, body } = await call(balancer, method, path, '{}');
    expect(status).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(nodes.flatMap((node) => node.received)).toHaveLength(1);
  });

  test('a management write goes elsewhere when nothing of it could be sent', async () => {
    const nodes = await startNodes(answerName, answerName);
    const balancer = await startBalancer(nodes);
    await nodes[0]?.close();
    for (let at = 0; at < 4; at += 1) expect((await call(balancer, 'POST', '/api/v1/users', '{}')).status).toBe(200);
  });

  test('a request that kills every node is given up after the second', async () => {
    const nodes = await startNodes(die, die, die);
    const balancer = await startBalancer(nodes);
    const { status, headers } = await call(balancer, 'GET', '/rest/x');
    expect(status).toBe(503);
    expect(headers['retry-after']).toBe('1');
    expect(nodes.flatMap((node) => node.received)).toHaveLength(2);
  });
});

test('an answer of known length that breaks off in the middle is fetched from another node', async () => {
  const broken: FakeAnswer = (_request, response) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  };
  const nodes = await startNodes(broken, answerName);
  const balancer = await startBalancer(nodes);
  for (let at = 0; at < 4; at += 1) expect((await call(balancer, 'GET', '/rest/x')).body).toBe('node-2');
});

test('a streamed answer that breaks off breaks the connection of the client', async () => {
  const broken: FakeAnswer = (_request, response) => {
    response.writeHead(200);
    response.write('half', () => setImmediate(() => response.destroy()));
  };
  const balancer = await startBalancer(await startNodes(broken));
  await expect(call(balancer, 'GET', '/rest/x')).rejects.toThrow(/other side closed|terminated|ECONNRESET/);
});

test('a node that is not ready gets nothing while another is', async () => {
  const nodes = await startNodes(answerName, answerName);
  const leaving = nodes[0] as FakeNode;
  leaving.isReady = false;
  const balancer = await startBalancer(nodes, ['leaving', 'ready']);
  for (let at = 0; at < 6; at += 1) expect((await call(balancer, 'GET', '/')).body).toBe('node-2');
  leaving.isReady = true;
  await waitForStates(balancer, ['ready', 'ready']);
  for (let at = 0; at < 6; at += 1) await call(balancer, 'GET', '/');
  expect(leaving.received.length).toBe(3);
});

test('a node that leaves still answers when it is the only one', async () => {
  const nodes = await startNodes(answerName);
  (nodes[0] as FakeNode).isReady = false;
  const balancer = await startBalancer(nodes, ['leaving']);
  expect((await call(balancer, 'POST', '/api/v1/users', '{}')).body).toBe('node-1');
});

test('503 of one node is answered by another, and passed on when there is none', async () => {
  const draining: FakeAnswer = (_request, response) => {
    response.writeHead(503, { connection: 'close', 'retry-after': '7' }).end('draining');
  };
  const nodes = await startNodes(draining, answerName);
  const balancer = await startBalancer(nodes);
  for (let at = 0; at < 4; at += 1) expect((await call(balancer, 'POST', '/rest/x', '{}')).body).toBe('node-2');
  balancer.table.replace([nodes[0] as FakeNode]);
  const alone = await call(balancer, 'GET', '/rest/x');
  expect(alone).toMatchObject({ status: 503, body: 'draining' });
  expect(alone.headers['retry-after']).toBe('7');
});

test('a request waits for a node that comes back', async () => {
  const balancer = await startBalancer([]);
  const early = call(balancer, 'GET', '/');
  balancer.table.replace(await startNodes(answerName));
  expect((await early).body).toBe('node-1');
});

test('without any node it answers 503 with Retry-After and a sentence', async () => {
  const balancer = await startBalancer([], [], 20);
  const { status, headers, body } = await call(balancer, 'GET', '/');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
  expect(JSON.parse(body)).toEqual({ code: 'NO_NODE_READY', message: 'No node is ready; try again in a second' });
});

test('passes the target, the order and repetition of headers on, and says for whom', async () => {
  const nodes = await startNodes((_request, response) => {
    response.writeHead(201, 'Made So', [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Private', 'x'],
      ['Connection', 'x-private'],
    ]);
    response.end('done');
  });
  const balancer = await startBalancer(nodes);
  const path = '/rest/a%2Fb//c/results.json?x=%2f%20+&y=%E2%82%AC;%zz';
  const { status, headers } = await call(balancer, 'GET', path, undefined, {
    host: 'shop.example:81',
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-mine': ['one', 'two'],
    te: 'trailers',
  });
  const received = (nodes[0] as FakeNode).received[0];
  expect(received?.url).toBe(path);
  expect(received?.headers).toMatchObject({
    host: 'shop.example:81',
    'x-forwarded-for': '203.0.113.9, 127.0.0.1',
    'x-forwarded-host': 'shop.example:81',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': String(portOf(balancer)),
    'x-mine': 'one, two',
  });
  expect(received?.headers.te).toBeUndefined();
  expect(status).toBe(201);
  expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
  expect(headers['x-private']).toBeUndefined();
});

test('streams a body that is too large to keep, whole and in order', async () => {
  const nodes = await startNodes((request, response) => {
    response.end(`${request.body.length} ${request.body.at(-1)}`);
  });
  const balancer = await startBalancer(nodes);
  const body = Buffer.alloc(9 * 2 ** 20, 1);
  body[body.length - 1] = 7;
  expect((await call(balancer, 'POST', '/rest/x', body)).body).toBe(`${body.length} 7`);
  const chunked = await raw(
    balancer,
    Buffer.concat([
      Buffer.from('POST /rest/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n'),
      Buffer.from(`${body.length.toString(16)}\r\n`),
      body,
      Buffer.from('\r\n0\r\n\r\n'),
    ]),
  );
  expect(chunked).toContain(`${body.length} 7`);
});

test('passes a large answer on with its bytes unchanged', async () => {
  const large = Buffer.alloc(2 * 2 ** 20, Buffer.from('a pattern of no even length'));
  const balancer = await startBalancer(await startNodes((_request, response) => void response.end(large)));
  const { body } = await call(balancer, 'GET', '/', undefined, {}, 'latin1');
  expect(Buffer.from(body, 'latin1').equals(large)).toBe(true);
});

describe('requests that could be understood in two ways never reach a node', () => {
  const smuggled = [
    [
      'length and chunked',
      'POST /rest/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['two lengths', 'POST /rest/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'],
    ['a bare line feed', 'GET /rest/x HTTP/1.1\nHost: a\n\nGET /hidden HTTP/1.1\nHost: a\n\n'],
    ['a space before the colon', 'GET /rest/x HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\nabcd'],
    ['an obsolete folded header', 'GET /rest/x HTTP/1.1\r\nHost: a\r\nX: 1\r\n Content-Length: 4\r\n\r\nabcd'],
    ['chunked misspelt', 'POST /rest/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
  ] as const;
  test.each(smuggled)('%s', async (_title, text) => {
    const nodes = await startNodes(answerName);
    const balancer = await startBalancer(nodes);
    expect(await raw(balancer, text)).toMatch(/^HTTP\/1\.1 400 /);
    expect((nodes[0] as FakeNode).received).toEqual([]);
  });
});

test.each([
  ['http://other.example/rest/x?y=1', '/rest/x?y=1', 200],
  ['*', undefined, 400],
  ['http://other.example', undefined, 400],
])('a request target %s is taken as %s', async (target, path, status) => {
  const nodes = await startNodes(answerName);
  const balancer = await startBalancer(nodes);
  const answer = await raw(balancer, `OPTIONS ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect((nodes[0] as FakeNode).received[0]?.url).toBe(path);
});

test('serves a request that asks for an upgrade as it is', async () => {
  const nodes = await startNodes(answerName);
  const balancer = await startBalancer(nodes);
  const answer = await raw(
    balancer,
    'GET /rest HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect((nodes[0] as FakeNode).received[0]?.headers.upgrade).toBeUndefined();
});

test('a client that leaves ends the work on the node and frees its place', async () => {
  const hanging: FakeAnswer = () => undefined;
  const nodes = await startNodes(hanging);
  const balancer = await startBalancer(nodes);
  const socket = connect(portOf(balancer), '127.0.0.1');
  socket.write('GET /rest/x HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => balancer.table.nodes[0]?.outstanding === 1 && nodes[0]?.received.length === 1);
  socket.destroy();
  await until(() => balancer.table.nodes[0]?.outstanding === 0);
});

test('draining lets what is in flight finish and accepts nothing more', async () => {
  const gate: { open?: () => void } = {};
  const nodes = await startNodes((_request, response) => {
    gate.open = () => response.end('finished');
  });
  const balancer = await startBalancer(nodes);
  const inFlight = call(balancer, 'GET', '/rest/x');
  inFlight.catch(() => undefined);
  await until(() => gate.open !== undefined);
  const port = portOf(balancer);
  const drained = balancer.drain();
  await expect(fetch(`http://127.0.0.1:${port}/rest/x`)).rejects.toThrow('fetch failed');
  gate.open?.();
  expect((await inFlight).body).toBe('finished');
  await drained;
});

const die: FakeAnswer = (_request, response) => void response.socket?.destroy();

async function startNodes(...answers: FakeAnswer[]): Promise<FakeNode[]> {
  const nodes = await Promise.all(answers.map((answer, at) => startFakeNode(`node-${at + 1}`, answer)));
  opened.push(...nodes);
  return nodes;
}

async function startBalancer(
  nodes: readonly NodeAddress[],
  states?: NodeState[],
  waitForNodeMs?: number,
): Promise<Balancer> {
  const balancer = createBalancer(() => undefined, waitForNodeMs);
  await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      balancer.server.closeAllConnections();
      return balancer.drain();
    },
  });
  balancer.table.replace(nodes);
  await waitForStates(balancer, states ?? nodes.map(() => 'ready'));
  return balancer;
}

function waitForStates(balancer: Balancer, states: readonly NodeState[]): Promise<void> {
  return until(() => balancer.table.nodes.map(({ state }) => state).join() === states.join());
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!isTrue()) throw new Error('did not happen in time');
}

function portOf(balancer: Balancer): number {
  return (balancer.server.address() as AddressInfo).port;
}

async function call(
  balancer: Balancer,
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string | string[]> = {},
  encoding: BufferEncoding = 'utf8',
) {
  const dispatcher = new Agent();
  opened.push({ close: () => dispatcher.destroy().catch(() => undefined) });
  const answer = await request(`http://127.0.0.1:${portOf(balancer)}${path}`, { method, body, headers, dispatcher });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return { status: answer.statusCode, headers: answer.headers, body: bytes.toString(encoding) };
}

/** Sends bytes as they are and returns what comes back until the connection closes or falls silent. */
function raw(balancer: Balancer, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(portOf(balancer), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
