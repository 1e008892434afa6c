import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether moto's server, from PyPI, is installed. */
export const hasMoto = spawnSync('moto_server', ['--help']).status === 0;

/** AWS on loopback, with an interpreter of Amazon States Language. */
export class Moto {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<Moto> {
    const port = await freePort();
    const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
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
    if (!text.startsWith('{')) throw new Error(`${target}: ${text}`);
    return JSON.parse(text) as Record<string, string>;
  }

  /** First id in the answer to an EC2 query, such as that of the default subnet. */
  async firstId(action: string, prefix: string): Promise<string> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const text = await this.send('ec2', '/', `Action=${action}&Version=2016-11-15`, headers);
    return new RegExp(`${prefix}-[0-9a-f]+`).exec(text)?.[0] ?? '';
  }

  async put(path: string, body: string): Promise<void> {
    await this.send('s3', path, body, {}, 'PUT');
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.on('close', resolve));
    this.child.kill();
    await ended;
  }

  private async send(
    service: string,
    path: string,
    body?: string,
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
