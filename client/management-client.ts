import type { ConfigurationKind } from '../contract/kinds.ts';
import {
  type AuditView,
  type ClusterView,
  type ImportStepView,
  managementPaths,
  type NodeSummary,
  type NodeView,
  passphraseHeader,
} from '../contract/management.ts';
import { Collection } from './collection.ts';
import { Dataflows } from './dataflows.ts';
import { ManagementError } from './management-error.ts';
import { ProcessFlows } from './process-flows.ts';
import { Runs } from './runs.ts';
import { Schedules } from './schedules.ts';
import { type ClientOptions, type Request, Transport } from './transport.ts';

export interface AuditQuery {
  readonly user?: string;
  readonly kind?: string;
  readonly name?: string;
  /** ISO 8601; `from` itself included, `to` itself not. */
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

export interface ImportOptions {
  readonly dryRun?: boolean;
  /** Whether objects that the file does not have stay; they do when absent. */
  readonly others?: 'keep' | 'remove';
  readonly reason?: string;
  /** Opens the hidden fields of the file. */
  readonly passphrase?: string;
}

/** The management API of a cluster; remembers the revision it has seen, so that it reads what it wrote. */
export class ManagementClient {
  /** Runs of jobs. */
  readonly runs: Runs;
  readonly schedules: Schedules;
  readonly processFlows: ProcessFlows;
  /** What is done with dataflows, besides reading and saving them. */
  readonly dataflows: Dataflows;
  readonly #transport: Transport;

  constructor(options: ClientOptions) {
    this.#transport = new Transport(options);
    this.runs = new Runs(this.#transport);
    this.dataflows = new Dataflows(this.#transport);
    this.schedules = new Schedules(this.#transport);
    this.processFlows = new ProcessFlows(this.#transport);
  }

  /** Sends a mail now; the recipients that the mail server took. */
  async sendTestMail(recipients: readonly string[]): Promise<readonly string[]> {
    const request = { method: 'POST', path: managementPaths.notificationTest, body: { recipients } } as const;
    return (await this.#transport.readJson<{ readonly sentTo: readonly string[] }>(request)).sentTo;
  }

  objects<Kind extends ConfigurationKind>(kind: Kind): Collection<Kind> {
    return new Collection(this.#transport, kind);
  }

  node(): Promise<NodeSummary> {
    return this.#transport.readJson({ path: managementPaths.node });
  }

  cluster(): Promise<ClusterView> {
    return this.#transport.readJson({ path: managementPaths.cluster });
  }

  async nodes(): Promise<readonly NodeView[]> {
    const { items } = await this.#transport.readJson<{ items: readonly NodeView[] }>({ path: managementPaths.nodes });
    return items;
  }

  async setPassword(user: string, password: string): Promise<void> {
    const path = `${managementPaths.users}/${encodeURIComponent(user)}/password`;
    await this.#transport.send({ method: 'PUT', path, body: { password }, headers: { 'if-match': '*' } });
  }

  /** The changes that the query wants, newest first, as they come. */
  auditLog(query: AuditQuery = {}): AsyncGenerator<AuditView> {
    return this.#lines<AuditView>({ path: managementPaths.auditLog, query: { ...query } });
  }

  /** The audit log as CSV. */
  async auditLogCsv(query: AuditQuery = {}): Promise<string> {
    const headers = { accept: 'text/csv' };
    return (await this.#transport.send({ path: managementPaths.auditLog, query: { ...query }, headers })).text();
  }

  /** The whole configuration as the text of one file; with a passphrase its hidden fields are in it, sealed. */
  async exportConfiguration(passphrase?: string): Promise<string> {
    const headers = { [passphraseHeader]: passphrase };
    return (await this.#transport.send({ path: managementPaths.configuration, headers })).text();
  }

  /** What the file changes, or would change, step by step; a step with a `problem` ends it. */
  importConfiguration(file: string, options: ImportOptions = {}): AsyncGenerator<ImportStepView> {
    const { passphrase, ...query } = options;
    return this.#lines<ImportStepView>({
      method: 'POST',
      path: managementPaths.configurationImport,
      body: file,
      query,
      headers: { [passphraseHeader]: passphrase },
    });
  }

  async *#lines<Item>(request: Request): AsyncGenerator<Item> {
    const headers = { ...request.headers, accept: 'application/x-ndjson' };
    const { body } = await this.#transport.send({ ...request, headers });
    let rest = '';
    if (body === null) return;
    for await (const piece of readPieces(body)) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as Item;
    }
    if (rest !== '') throw new ManagementError('NO_ANSWER', 'The answer broke off; ask again', 0, {});
  }
}

async function* readPieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    throw new ManagementError('NO_ANSWER', 'The answer broke off; ask again', 0, {}, { cause });
  } finally {
    reader.releaseLock();
  }
}
