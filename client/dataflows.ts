import { managementPaths } from '../contract/management.ts';
import type { DataflowProblem } from './runs.ts';
import type { Transport } from './transport.ts';

/** Records for a dataflow that is tried, and its options. */
export interface SampleRequest {
  readonly rows: object;
  readonly options?: Readonly<Record<string, string>>;
}

export interface SampleAnswer {
  readonly answers: readonly (readonly Readonly<Record<string, string>>[])[];
  readonly durationMs: number;
}

export interface FileImportOptions {
  /** That of the file when absent. */
  readonly name?: string;
  readonly comment?: string;
  /** Refuses what cannot be exposed; the file decides when absent. */
  readonly expose?: boolean;
}

export interface FileImportAnswer {
  readonly name: string;
  readonly version: number;
  readonly exposedVersion?: number;
  readonly problems: readonly DataflowProblem[];
  /** What is kept to the letter and not understood. */
  readonly notUnderstood: readonly DataflowRemark[];
}

export interface DataflowRemark {
  readonly stage?: string;
  readonly label?: string;
  readonly sentence: string;
}

export interface StageSummary {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  /** JSON Schema. */
  readonly settings: { readonly properties?: Readonly<Record<string, unknown>> };
}

const asXml = { 'content-type': 'application/xml' } as const;

/** What is done with dataflows, besides reading and saving them. */
export class Dataflows {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Exposes a version, the newest when none is named; resolves with its number. */
  async expose(name: string, version?: number): Promise<number> {
    const request = { method: 'POST', path: this.#pathOf(name, 'expose'), body: { version } } as const;
    return (await this.#transport.readJson<{ exposedVersion: number }>(request)).exposedVersion;
  }

  async unexpose(name: string): Promise<void> {
    await this.#transport.send({ method: 'POST', path: this.#pathOf(name, 'unexpose'), body: {} });
  }

  /** Runs a few records through a version, the latest when none is named; nothing is stored. */
  sample(name: string, request: SampleRequest, version?: string): Promise<SampleAnswer> {
    const path = this.#pathOf(name, 'sample');
    return this.#transport.readJson({ method: 'POST', path, body: request, query: { version } });
  }

  /** Saves a `.df` file as a new version. */
  importFile(text: string, options: FileImportOptions = {}): Promise<FileImportAnswer> {
    const path = managementPaths.dataflowImport;
    return this.#transport.readJson({ method: 'POST', path, body: text, query: { ...options }, headers: asXml });
  }

  /** The dataflow as a `.df` file, the latest when no version is named. */
  async exportFile(name: string, version?: string): Promise<string> {
    return (await this.#transport.send({ path: this.#pathOf(name, 'export'), query: { version } })).text();
  }

  /** Everything wrong with a `.df` file. */
  checkFile(text: string): Promise<Pick<FileImportAnswer, 'problems' | 'notUnderstood'>> {
    const path = managementPaths.dataflowCheck;
    return this.#transport.readJson({ method: 'POST', path, body: text, headers: asXml });
  }

  /** Every type of stage. */
  async stages(): Promise<readonly StageSummary[]> {
    const { items } = await this.#transport.readJson<{ items: readonly StageSummary[] }>({
      path: managementPaths.stages,
    });
    return items;
  }

  #pathOf(name: string, action: string): string {
    return `${managementPaths.dataflows}/${encodeURIComponent(name)}/${action}`;
  }
}
