import { randomBytes } from 'node:crypto';
import type { ProcessFlowProblem, ProcessFlowRequest, ProcessFlowRunView } from '../../contract/process-flows.ts';
import type { ConfigurationSnapshot } from '../configuration/index.ts';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RequestKey } from '../foundation/request-key.ts';
import { checkProcessFlow, parseProcessFlow } from './document.ts';
import { type FlowRunRecord, type FlowRunStore, toView } from './flow-run-store.ts';
import { toProgress } from './progress.ts';

export interface ProcessFlowsProps {
  readonly store: FlowRunStore;
  snapshot(): ConfigurationSnapshot;
  /** Resolves when the copy has every change that was acknowledged before. */
  catchUp(): Promise<void>;
  nowMs(): number;
}

interface StoredFlow {
  readonly exposedVersion?: number;
  readonly versions: readonly { readonly number: number; readonly document: unknown }[];
}

/** Submits runs of process flows and answers for them, on any node. */
export class ProcessFlows {
  readonly #props: ProcessFlowsProps;

  constructor(props: ProcessFlowsProps) {
    this.#props = props;
  }

  /** Queues a run of the exposed version. Throws `UNKNOWN_OBJECT`, `INVALID_REQUEST`, `IDEMPOTENCY_KEY_REUSED`. */
  async submit(request: ProcessFlowRequest, by: string, key?: RequestKey): Promise<ProcessFlowRunView> {
    const { store, catchUp, nowMs } = this.#props;
    await catchUp();
    const { processFlow, variables = {}, files = {} } = request;
    const { version, document } = this.#exposed(processFlow);
    const parsed = parseProcessFlow(processFlow, document);
    refuseUnknown('variables', Object.keys(variables), Object.keys(parsed.variables));
    const activities = parsed.activities.filter(({ type }) => type === 'job').map(({ id }) => id);
    const named = Object.keys(files).map((name) => name.split('|')[0] ?? '');
    refuseUnknown('files', named, activities);
    const submittedAt = new Date(nowMs()).toISOString();
    const record = await store.submit(
      {
        id: `flow-${submittedAt.replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`,
        processFlow,
        version,
        state: 'queued',
        submittedBy: by,
        submittedAt,
        epoch: 0,
        variables: { ...parsed.variables, ...variables },
        document: parsed,
        files,
        progress: toProgress(parsed),
      },
      key,
    );
    return toView(record.run);
  }

  /** Newest first, those that go on before those that have ended. */
  async list(limit: number): Promise<readonly ProcessFlowRunView[]> {
    return (await this.#props.store.list(limit)).map(({ run }) => toView(run));
  }

  /** Throws `UNKNOWN_OBJECT`. */
  async get(id: string): Promise<ProcessFlowRunView> {
    return toView((await this.#find(id)).run);
  }

  /** Asks the owner to cancel; the state of the run tells when it has. Throws `UNKNOWN_OBJECT`. */
  async cancel(id: string): Promise<ProcessFlowRunView> {
    const { run } = await this.#find(id);
    if (run.endedAt !== undefined) {
      const sentence = `The run ${id} has ${run.state} already; only one that goes on can be cancelled`;
      throw new SpectrumError('INVALID_REQUEST', sentence, { run: id });
    }
    await this.#props.store.cancel(id);
    return toView(run);
  }

  /** Everything wrong with a document. */
  check(document: unknown): readonly ProcessFlowProblem[] {
    return checkProcessFlow(document).problems;
  }

  async #find(id: string): Promise<FlowRunRecord> {
    const record = await this.#props.store.find(id);
    if (record !== undefined) return record;
    const sentence = `There is no run ${id} of a process flow; list the runs to see their ids`;
    throw new SpectrumError('UNKNOWN_OBJECT', sentence, { run: id });
  }

  #exposed(name: string): { readonly version: number; readonly document: unknown } {
    const snapshot = this.#props.snapshot();
    const stored = snapshot.find<StoredFlow>('process-flow', name)?.value;
    if (stored === undefined) {
      const names = snapshot.list('process-flow').map((flow) => flow.name);
      const closest = findClosestName(name, names);
      const sentence = `There is no process flow ${name}${closest ? `; did you mean ${closest}?` : ''}`;
      throw new SpectrumError('UNKNOWN_OBJECT', sentence, { processFlow: name });
    }
    const version = stored.versions.find(({ number }) => number === stored.exposedVersion);
    if (version !== undefined) return { version: version.number, document: version.document };
    const sentence = `processFlow: ${name} has no exposed version; expose one to run it`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { processFlow: name });
  }
}

function refuseUnknown(field: string, given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const sentence = `${field}: ${JSON.stringify(unknown)} is not in the process flow; use ${known.join(', ') || 'none'}`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { field, given: unknown });
}
