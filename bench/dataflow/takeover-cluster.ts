import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManagementClient } from '../../client/index.ts';
import type { RunView } from '../../contract/runs.ts';
import { runSpectrum, type StartedCluster, startCluster, waitUntil } from '../failover/local-cluster.ts';
import { channel } from './measuring.ts';

const names = ['Id', 'AddressLine1', 'City', 'StateProvince', 'PostalCode'].map((name) => ({ name }));

/** The steward's job on the starter database: read, validate, geocode, put failures aside. */
const stewardJob = {
  type: 'job',
  stages: [
    { id: 'read', label: 'Customers', type: 'ReadFromFile', settings: { file: 'customers.csv', fields: names } },
    { id: 'validate', type: 'ValidateAddress' },
    { id: 'geocode', type: 'GeocodeUSAddress', settings: { options: { FallbackToGeographic: 'N' } } },
    {
      id: 'route',
      type: 'ConditionalRouter',
      settings: { conditions: [{ port: 'good', all: [{ field: 'Status', operator: 'is null' }] }], default: 'bad' },
    },
    { id: 'good', label: 'Good', type: 'WriteToFile', settings: { file: 'good.csv' } },
    { id: 'bad', label: 'Bad', type: 'WriteToFile', settings: { file: 'bad.csv', fields: [{ name: 'Id' }] } },
  ],
  channels: [
    channel('read.output_port > validate.input_port'),
    channel('validate.output_port > geocode.input_port'),
    channel('geocode.output_port > route.input_port'),
    channel('route.good > good.input_port'),
    channel('route.bad > bad.input_port'),
  ],
};

/** A cluster whose table is away answers nothing for a while. */
const longestSilenceMs = 60_000;

/** Three nodes on one machine with the steward's job. */
export class TakeoverCluster {
  readonly client: ManagementClient;
  /** Folder of the cluster's data. */
  readonly data: string;
  readonly #files: string;

  private constructor(
    readonly cluster: StartedCluster,
    data: string,
  ) {
    this.data = data;
    this.#files = join(data, 'files');
    this.client = new ManagementClient({
      url: cluster.url,
      credentials: { user: 'admin', password: cluster.password },
    });
  }

  static async start(folder: string): Promise<TakeoverCluster> {
    const data = join(folder, 'data');
    const started = new TakeoverCluster(await startCluster(data, ['--nodes', '3']), data);
    mkdirSync(started.#files, { recursive: true });
    const document = join(folder, 'clean.json');
    writeFileSync(document, JSON.stringify(stewardJob));
    const { code, stdout, stderr } = await runSpectrum(['dataflow', 'import', document, '--expose', '--data', data])
      .ended;
    if (code === 0) return started;
    await started.stop();
    throw new Error(`the job was not imported: ${stdout}${stderr}`);
  }

  async stop(): Promise<void> {
    this.cluster.starter.kill('SIGTERM');
    await this.cluster.ended;
  }

  /** Every third address does not exist; the others differ by their text alone. */
  writeCustomers(rows: number): void {
    const lines = Array.from({ length: rows }, (_, id) =>
      id % 3 === 2
        ? `${id},${id} Nowhere Lane,Washington,DC,`
        : `${id},1745 t street ${id % 2 ? 'SE' : 'southeast'},washington,dc,20020`,
    );
    writeFileSync(join(this.#files, 'customers.csv'), `Id,Line,City,State,ZIP\n${lines.join('\n')}\n`);
  }

  /** Submits the job; its files carry `mark` in their names. Answers its id. */
  async submit(mark: string): Promise<string> {
    const files = { Good: `good${mark}.csv`, Bad: `bad${mark}.csv` };
    return (await this.client.runs.submit({ dataflow: 'clean', files })).id;
  }

  /** The run when it is so far, or has ended. */
  async until(id: string, isReached: (run: RunView) => boolean): Promise<RunView> {
    let answeredMs = performance.now();
    for (;;) {
      try {
        const run = await this.client.runs.get(id);
        if (isReached(run) || run.endedAt !== undefined) return run;
        answeredMs = performance.now();
      } catch (error) {
        if (performance.now() - answeredMs > longestSilenceMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  end(id: string): Promise<RunView> {
    return this.until(id, () => false);
  }

  /** Both files of a run. */
  outputs(mark: string): readonly string[] {
    return ['good', 'bad'].map((name) => readFileSync(join(this.#files, `${name}${mark}.csv`), 'utf8'));
  }

  /** Resolves when no file waits for its name. */
  async nothingUnfinished(): Promise<void> {
    await waitUntil('no file without a name', () => readdirSync(this.#files).every((name) => !name.startsWith('.')));
  }
}

/** Records that a run has read so far, as its owner told last. */
export function recordsRead({ stages }: RunView): number {
  return stages[0]?.recordsRead ?? 0;
}

/** Id of the process that works on a run. */
export function ownerOf({ owner }: RunView): number {
  return Number(owner?.split('#')[1]);
}
