import { managementPaths } from '../contract/management.ts';
import type { RunCommand, RunReport, RunRequest, RunView } from '../contract/runs.ts';
import type { Transport } from './transport.ts';

/** Something wrong with a dataflow, and where. */
export interface DataflowProblem {
  readonly stage?: string;
  readonly port?: string;
  readonly setting?: string;
  readonly sentence: string;
}

/** Runs of jobs, and what a designer of dataflows asks. */
export class Runs {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  submit(request: RunRequest): Promise<RunView> {
    return this.#transport.readJson({ method: 'POST', path: managementPaths.runs, body: request });
  }

  /** Newest first. */
  async list(limit = 100): Promise<readonly RunView[]> {
    const answer = await this.#transport.readJson<{ items: readonly RunView[] }>({
      path: managementPaths.runs,
      query: { limit },
    });
    return answer.items;
  }

  get(id: string): Promise<RunView> {
    return this.#transport.readJson({ path: this.#pathOf(id) });
  }

  /** The run with what it worked with. */
  report(id: string): Promise<RunReport> {
    return this.#transport.readJson({ path: `${this.#pathOf(id)}/report` });
  }

  /** The same as a page of HTML. */
  async reportPage(id: string): Promise<string> {
    return (await this.#transport.send({ path: `${this.#pathOf(id)}/report`, query: { format: 'html' } })).text();
  }

  command(id: string, command: RunCommand): Promise<RunView> {
    return this.#transport.readJson({ method: 'POST', path: `${this.#pathOf(id)}/${command}`, body: {} });
  }

  async check(document: object): Promise<readonly DataflowProblem[]> {
    const request = { method: 'POST', path: managementPaths.dataflowCheck, body: document } as const;
    return (await this.#transport.readJson<{ problems: readonly DataflowProblem[] }>(request)).problems;
  }

  #pathOf(id: string): string {
    return `${managementPaths.runs}/${encodeURIComponent(id)}`;
  }
}
