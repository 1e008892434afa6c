import { managementPaths } from '../contract/management.ts';
import type { ProcessFlowProblem, ProcessFlowRequest, ProcessFlowRunView } from '../contract/process-flows.ts';
import type { Transport } from './transport.ts';

/** Runs of process flows, and what a designer of them asks. */
export class ProcessFlows {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  submit(request: ProcessFlowRequest): Promise<ProcessFlowRunView> {
    return this.#transport.readJson({ method: 'POST', path: managementPaths.processFlowRuns, body: request });
  }

  /** Newest first. */
  async list(limit = 100): Promise<readonly ProcessFlowRunView[]> {
    const request = { path: managementPaths.processFlowRuns, query: { limit } };
    return (await this.#transport.readJson<{ items: readonly ProcessFlowRunView[] }>(request)).items;
  }

  get(id: string): Promise<ProcessFlowRunView> {
    return this.#transport.readJson({ path: this.#pathOf(id) });
  }

  cancel(id: string): Promise<ProcessFlowRunView> {
    return this.#transport.readJson({ method: 'POST', path: `${this.#pathOf(id)}/cancel`, body: {} });
  }

  async check(document: object): Promise<readonly ProcessFlowProblem[]> {
    const request = { method: 'POST', path: managementPaths.processFlowCheck, body: document } as const;
    return (await this.#transport.readJson<{ problems: readonly ProcessFlowProblem[] }>(request)).problems;
  }

  #pathOf(id: string): string {
    return `${managementPaths.processFlowRuns}/${encodeURIComponent(id)}`;
  }
}
