import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const program = join(__dirname, 'moto-server.py');

/** Whether moto's server, from PyPI, is installed. */
export const hasMoto = spawnSync('python3', ['-c', 'import moto.server, moto.stepfunctions.parser.api']).status === 0;

/** AWS on loopback, with an interpreter of Amazon States Language. */
export class Moto {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** @param callbackPort where flows call services; moto itself by default */
  static async start(callbackPort?: number): Promise<Moto> {
    const port = await freePort();
    const env = { ...process.env, MOTO_PORT: String(callbackPort ?? port) };
    const child = spawn('python3', [program, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore', env });
    const moto = new Moto(child, `http://127.0.0.1:${port}`);
    for (let tries = 0; tries < 150; tries++) {
      if (
        await fetch(`${moto.url}/moto-api/data.json`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      await pause(200);
    }
    await moto.send('moto-api', '/moto-api/config', JSON.stringify({ stepfunctions: { execute_state_machine: true } }));
    return moto;
  }

  /** Calls an operation of a service that speaks JSON, such as `AWSStepFunctions.StartExecution`. */
  async call(service: string, target: string, input: unknown): Promise<Record<string, string>> {
    const type = service === 'ecs' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0';
    const text = await this.send(service, '/', JSON.stringify(input), { 'content-type': type, 'x-amz-target': target });
    if (!text.startsWith('{') || text.startsWith('{"__type"')) throw new Error(`${target}: ${text}`);
    return JSON.parse(text) as Record<string, string>;
  }

  /** Tasks that were started run until they are stopped; by default moto ends each after a few looks at it. */
  async keepTasksRunning(): Promise<void> {
    const transition = { progression: 'manual', times: 1_000_000 };
    const body = JSON.stringify({ model_name: 'ecs::task', transition });
    await this.send('moto-api', '/moto-api/state-manager/set-transition', body, { 'content-type': 'application/json' });
  }

  /** Text of the answer to an operation of a service that speaks XML, such as EC2's `CreateVpc`. */
  async query(service: string, version: string, action: string, parameters: Readonly<Record<string, string>>) {
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
    return this.send(service, '/', body, { 'content-type': 'application/x-www-form-urlencoded' });
  }

  async put(path: string, body: string | Buffer): Promise<void> {
    await this.send('s3', path, body, {}, 'PUT');
  }

  /** Text of an object, such as `/bucket/key`; undefined when it is not there. */
  async get(path: string): Promise<string | undefined> {
    const text = await this.send('s3', path, undefined, {}, 'GET');
    return text.includes('<Code>NoSuchKey</Code>') ? undefined : text;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.on('close', resolve));
    this.child.kill();
    await ended;
  }

  private async send(
    service: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
    method = 'POST',
  ) {
    // moto reads service and region from the signature's scope and checks nothing else of it.
    const scope = `Credential=x/20260101/us-east-1/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=x`;
    const response = await fetch(`${this.url}${path}`, { method, headers: { ...headers, authorization }, body });
    return response.text();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
