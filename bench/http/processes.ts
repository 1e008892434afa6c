import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment } from '../../contract/environment.ts';

const root = join(import.meta.dirname, '../..');

export interface RunningProgram {
  readonly child: ChildProcess;
  readonly port: number;
  /** From the fork to the message that it is ready. */
  readonly startMs: number;
}

/** Core of the server under measurement and core of everything else; undefined where cores cannot be chosen. */
export const cores = canPin() ? { server: 0, others: 1 } : undefined;

export const adminPassword = 'measured in private!';

/** A node as it ships, with what it needs, on a folder of its own. */
export class BenchCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'spectrum-bench-'));
  readonly #children = new Set<ChildProcess>();
  #tablePort = 0;
  #starter = '';

  /** Bundles the programs, builds the starter database and starts the table server. */
  async prepare(): Promise<void> {
    execFileSync(process.execPath, [join(root, 'scripts/build.js')], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const builder = [
      join(root, 'dist/builder.cjs'),
      'starter',
      '--out',
      join(this.folder, 'reference-data'),
      '--progress',
      'json',
    ];
    const output = execFileSync(process.execPath, builder, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    this.#starter = findVintage(output);
    const table = await this.start(
      join(root, 'dist/embedded-dynamodb.cjs'),
      { SPECTRUM_EMBEDDED_PATH: join(this.folder, 'table') },
      cores?.others,
    );
    this.#tablePort = table.port;
  }

  startNode(core: number | undefined): Promise<RunningProgram> {
    const variables = {
      [environment.nodeName]: 'bench',
      [environment.host]: '127.0.0.1',
      [environment.port]: '0',
      [environment.configurationEndpoint]: `http://127.0.0.1:${this.#tablePort}`,
      [environment.referenceData]: join(this.folder, 'reference-data'),
      [environment.starterDatabase]: this.#starter,
      [environment.adminPassword]: adminPassword,
      [environment.leaveMs]: '0',
      [environment.logLevel]: 'warn',
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    };
    return this.start(join(root, 'dist/node.cjs'), variables, core);
  }

  /** Forks a program and waits for its `{ready}`; `first` is sent to it before. */
  async start(
    script: string,
    variables: NodeJS.ProcessEnv,
    core: number | undefined,
    first?: object,
  ): Promise<RunningProgram> {
    const startedMs = performance.now();
    const child = fork(script, {
      env: { PATH: process.env.PATH, ...variables },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      ...(core === undefined ? {} : { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath] }),
    });
    this.#children.add(child);
    if (first !== undefined) child.send(first);
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready`)));
      child.on('message', (message: { ready?: boolean; port?: number }) => message.ready && resolve(message.port ?? 0));
    });
    return { child, port, startMs: performance.now() - startedMs };
  }

  async stop({ child }: RunningProgram): Promise<void> {
    this.#children.delete(child);
    if (child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }

  async close(): Promise<void> {
    for (const child of [...this.#children].reverse()) await this.stop({ child, port: 0, startMs: 0 });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The builder's last line names what it built. */
function findVintage(output: string): string {
  for (const line of output.trim().split('\n').reverse()) {
    const { database, vintage } = JSON.parse(line) as { database?: string; vintage?: string };
    if (database !== undefined && vintage !== undefined) return `${database}/${vintage}`;
  }
  throw new Error(`The builder named no vintage: ${output.slice(-500)}`);
}

function canPin(): boolean {
  return (
    process.platform === 'linux' && availableParallelism() > 1 && spawnSync('taskset', ['-c', '1', 'true']).status === 0
  );
}
