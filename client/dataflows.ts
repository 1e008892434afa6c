import { managementPaths } from '../contract/management.ts';
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

  #pathOf(name: string, action: string): string {
    return `${managementPaths.dataflows}/${encodeURIComponent(name)}/${action}`;
  }
}
