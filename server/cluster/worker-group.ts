import type { Worker } from 'node:cluster';
import type { Log } from '../foundation/log.ts';

/** What `node:cluster` does for a group, so that a test can do it too. */
interface WorkerSource {
  fork(variables: Record<string, string>): Worker;
}

export interface WorkerGroupProps {
  readonly source: WorkerSource;
  readonly count: number;
  /** Environment of the workers beside the parent's own. */
  readonly variables: Record<string, string>;
  readonly log: Log;
}

/** What workers and their parent say to each other. */
type WorkerMessage =
  | { readonly ready: true; readonly port: number }
  | { readonly metricsOf: number; readonly text: string };

const restartMs = 500;
/** A group of which this many workers die before one is ever ready does not start. */
const failedStarts = 3;
const metricsMs = 2_000;

/** The worker processes of one node: they share its port, dead ones are replaced, and the parent speaks for all. */
export class WorkerGroup {
  readonly #props: WorkerGroupProps;
  readonly #workers = new Map<number, { readonly worker: Worker; isReady: boolean }>();
  #isLeaving = false;
  #failures = 0;
  #onReady: (port: number) => void = () => undefined;
  #onFailure: (error: Error) => void = () => undefined;
  #onEmpty: () => void = () => undefined;
  #nextQuestion = 0;

  constructor(props: WorkerGroupProps) {
    this.#props = props;
  }

  /** Resolves with the port once every worker is ready; rejects when they keep dying. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#onReady = resolve;
      this.#onFailure = reject;
      for (let index = 0; index < this.#props.count; index++) this.#fork();
    });
  }

  readyCount(): number {
    return [...this.#workers.values()].filter(({ isReady }) => isReady).length;
  }

  /** Tells every worker to leave; resolves when the last one has ended. */
  leave(): Promise<void> {
    this.#isLeaving = true;
    const ended = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    if (this.#workers.size === 0) this.#onEmpty();
    for (const { worker } of this.#workers.values()) worker.process.kill('SIGTERM');
    return ended;
  }

  /** The metrics page of each worker that answers in time, by worker id. */
  async metrics(): Promise<ReadonlyMap<number, string>> {
    const pages = [...this.#workers].map(async ([id, { worker }]) => [id, await this.#askMetrics(worker)] as const);
    const answered = (await Promise.all(pages)).filter(
      (page): page is readonly [number, string] => page[1] !== undefined,
    );
    return new Map(answered);
  }

  #fork(): void {
    const worker = this.#props.source.fork(this.#props.variables);
    this.#workers.set(worker.id, { worker, isReady: false });
    worker.on('message', (message: WorkerMessage) => {
      if ('ready' in message) this.#markReady(worker.id, message.port);
    });
    worker.once('exit', (code, signal) => this.#replace(worker.id, code, signal));
  }

  #markReady(id: number, port: number): void {
    const entry = this.#workers.get(id);
    if (entry !== undefined) entry.isReady = true;
    if (this.readyCount() === this.#props.count) this.#onReady(port);
  }

  #replace(id: number, code: number, signal: string | null): void {
    const wasReady = this.#workers.get(id)?.isReady === true;
    this.#workers.delete(id);
    if (this.#isLeaving) {
      if (this.#workers.size === 0) this.#onEmpty();
      return;
    }
    this.#failures = wasReady ? 0 : this.#failures + 1;
    this.#props.log.error({ worker: id, code, signal }, 'A worker process ended; another takes its place');
    if (this.#failures >= failedStarts)
      this.#onFailure(new Error(`${failedStarts} worker processes ended before they were ready`));
    setTimeout(() => !this.#isLeaving && this.#fork(), restartMs);
  }

  #askMetrics(worker: Worker): Promise<string | undefined> {
    const question = this.#nextQuestion++;
    return new Promise((resolve) => {
      const finish = (text: string | undefined) => {
        clearTimeout(timer);
        worker.off('message', listen);
        resolve(text);
      };
      const listen = (message: WorkerMessage) =>
        'metricsOf' in message && message.metricsOf === question && finish(message.text);
      const timer = setTimeout(() => finish(undefined), metricsMs);
      worker.on('message', listen);
      worker.send({ askMetrics: question }, () => undefined);
    });
  }
}
