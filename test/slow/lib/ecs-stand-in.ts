import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const clusterArn = 'arn:aws:ecs:us-east-1:123456789012:cluster/tasks';

interface StartedTask {
  readonly arn: string;
  readonly words: readonly string[];
  readonly child: ChildProcess;
  errors: string;
}

interface RunTaskInput {
  readonly overrides: { readonly containerOverrides: readonly { readonly name: string; readonly command: string[] }[] };
}

/**
 * ECS as a flow on moto calls it: `RunTask` starts the container's program on this machine, `DescribeTasks` tells how it
 * is, in the shapes of the API reference. All other services are moto's.
 */
export class EcsStandIn {
  readonly started: StartedTask[] = [];
  /** Address of moto, once it runs. */
  moto = '';
  /** Forgets what was started, for another test. */
  clear(): void {
    for (const { child } of this.started) if (child.exitCode === null) child.kill('SIGKILL');
    this.started.length = 0;
    this.onStart = () => undefined;
  }

  /** Called with each task that was started. */
  onStart: (task: StartedTask) => void = () => undefined;
  private count = 0;
  private readonly server = createServer((request, response) => void this.answer(request, response));

  /** @param launch starts a container's words as a program */
  constructor(private readonly launch: (words: readonly string[]) => ChildProcess) {}

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.clear();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.endsWith('.RunTask'))
      return send(response, 200, { tasks: [this.run(JSON.parse(String(body)))], failures: [] });
    if (target.endsWith('.DescribeTasks')) return this.describe(JSON.parse(String(body)).tasks[0], response);
    const { method, url, headers } = request;
    const onward = forward(`${this.moto}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.end(body);
  }

  private run({ overrides }: RunTaskInput): object {
    const words = overrides.containerOverrides[0]?.command ?? [];
    const arn = `arn:aws:ecs:us-east-1:123456789012:task/tasks/${this.count++}`;
    const child = this.launch(words);
    const task: StartedTask = { arn, words, child, errors: '' };
    child.stderr?.on('data', (data) => {
      task.errors += String(data);
    });
    this.started.push(task);
    this.onStart(task);
    return { taskArn: arn, clusterArn, lastStatus: 'PENDING' };
  }

  private describe(arn: string, response: ServerResponse): void {
    const task = this.started.find((started) => started.arn === arn);
    const { exitCode = null, signalCode = null } = task?.child ?? {};
    const code = exitCode ?? (signalCode === null ? undefined : 137);
    const lastStatus = code === undefined ? 'RUNNING' : 'STOPPED';
    const containers = [{ name: task?.words[0], lastStatus, exitCode: code }];
    send(response, 200, { tasks: [{ taskArn: arn, clusterArn, lastStatus, containers }], failures: [] });
  }
}

/** Starts a program with only these variables. */
export function launchProgram(program: string, words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [program, ...words], { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
