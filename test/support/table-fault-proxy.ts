import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** A proxy before a table server that treats each call as a bad network might. */
export interface FaultProxy {
  readonly port: number;
  /** Share of calls that meet a fault, 0 to 1. */
  setFaults(share: number): void;
  /** Every connection is refused for so long. */
  cutOff(durationMs: number): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Treatment = (call: Call) => Promise<void>;

interface Call {
  readonly response: ServerResponse;
  readonly forward: () => Promise<Answer>;
  readonly random: () => number;
}

const longestDelayMs = 800;

const deliver = (response: ServerResponse, { status, headers, body }: Answer) => {
  response
    .writeHead(status, { 'content-type': headers['content-type'], 'x-amz-crc32': headers['x-amz-crc32'] })
    .end(body);
};

/** Each fault as a client meets it. */
const faults: readonly Treatment[] = [
  // Delayed.
  async ({ response, forward, random }) => {
    await pause(random() * longestDelayMs);
    deliver(response, await forward());
  },
  // The request is lost.
  async ({ response }) => void response.destroy(),
  // The answer is lost after the write has happened.
  async ({ response, forward }) => {
    await forward();
    response.destroy();
  },
  // Nobody waits for it any more when it is carried out.
  async ({ response, forward, random }) => {
    response.destroy();
    await pause(random() * 2_000);
    await forward();
  },
  // Carried out twice.
  async ({ response, forward }) => {
    deliver(response, await forward());
    await forward();
  },
  // Refused for now.
  async ({ response }) => {
    const type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
    const body = JSON.stringify({ __type: type, message: 'injected' });
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  },
];

export async function startFaultProxy(targetPort: number, random: () => number): Promise<FaultProxy> {
  const agent = new Agent({ keepAlive: true });
  let share = 0;
  let cutOffUntilMs = 0;
  const server = createServer(async (incoming, response) => {
    try {
      const body = await readBody(incoming);
      if (performance.now() < cutOffUntilMs) return void response.destroy();
      const forward = () => send(agent, targetPort, incoming, body);
      if (random() >= share) return deliver(response, await forward());
      const treat = faults[Math.floor(random() * faults.length)] as Treatment;
      await treat({ response, forward, random });
    } catch {
      response.destroy();
    }
  });
  const port = await listen(server);
  return {
    port,
    setFaults: (value) => {
      share = value;
    },
    cutOff: (durationMs) => {
      cutOffUntilMs = performance.now() + durationMs;
    },
    close: () =>
      new Promise((resolve) => {
        agent.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(agent: Agent, port: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path: url, headers }, (answer) => {
      readBody(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: text }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part);
  return Buffer.concat(parts);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
