import { randomBytes } from 'node:crypto';
import type { RunCommand, RunReport, RunRequest, RunView } from '../../contract/runs.ts';
import type { ConfigurationKind, ConfigurationSnapshot } from '../configuration/index.ts';
import {
  assertNoProblems,
  checkDataflow,
  expandSubflows,
  type StageDefinition,
  type StageTypes,
} from '../dataflow/index.ts';
import { findClosestName } from '../foundation/closest-name.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { RequestKey } from '../foundation/request-key.ts';
import {
  type RunOrder,
  type RunRecord,
  type StoredConnection,
  type StoredFileServer,
  toRunView,
} from './run-record.ts';
import { toRunReport } from './run-report.ts';
import type { RunStore } from './run-store.ts';

export interface JobsProps {
  readonly store: RunStore;
  readonly stageTypes: StageTypes;
  snapshot(): ConfigurationSnapshot;
  /** Resolves when the copy has every change that was acknowledged before. */
  catchUp(): Promise<void>;
  nowMs(): number;
}

/** Value of the kind `dataflow`. */
interface StoredDataflow {
  readonly exposedVersion?: number;
  readonly versions: readonly { readonly number: number; readonly document: unknown }[];
}

interface StoredResource {
  readonly module: string;
  readonly database: string;
  readonly vintage: string;
}

interface StoredServiceDefault {
  readonly options: Readonly<Record<string, string>>;
  readonly databaseResources?: Readonly<Record<string, string>>;
}

/** Submits runs of jobs and answers for them, on any node. */
export class Jobs {
  readonly #props: JobsProps;
  readonly #definitions: ReadonlyMap<string, StageDefinition>;

  constructor(props: JobsProps) {
    this.#props = props;
    this.#definitions = new Map([...props.stageTypes].map(([type, { definition }]) => [type, definition]));
  }

  /** Queues a run of the exposed version; a node with room takes it. Throws `UNKNOWN_OBJECT`, `INVALID_DATAFLOW`, `IDEMPOTENCY_KEY_REUSED`. */
  async submit(request: RunRequest, by: string, key?: RequestKey): Promise<RunView> {
    const { store, stageTypes, nowMs, catchUp } = this.#props;
    // A version that was exposed through another node a moment ago is the one to run.
    await catchUp();
    const { version, document, options } = this.#withSubflows(request);
    const withFiles = applyFiles(request.dataflow, document, request.files ?? {});
    const { problems } = checkDataflow(request.dataflow, withFiles, stageTypes, options);
    assertNoProblems(request.dataflow, problems);
    const submittedAt = new Date(nowMs()).toISOString();
    const order: RunOrder = {
      id: `${submittedAt.replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`,
      dataflow: request.dataflow,
      version,
      document: withFiles,
      options,
      submittedBy: by,
      submittedAt,
      ...this.#surroundings(),
      connections: this.#named<StoredConnection>('connection', namedIn('connection', withFiles, request.options)),
      fileServers: this.#named<StoredFileServer>('file-server', namedIn('server', withFiles, request.options)),
    };
    return toRunView(await store.submit(order, key));
  }

  /** Runs, newest first, those that go on before those that have ended. */
  async list(limit: number): Promise<readonly RunView[]> {
    return (await this.#props.store.list(limit)).map(toRunView);
  }

  /** Throws `UNKNOWN_OBJECT`. */
  async get(id: string): Promise<RunView> {
    return toRunView(await this.#find(id));
  }

  /** The run with what it worked with. Throws `UNKNOWN_OBJECT`. */
  async report(id: string): Promise<RunReport> {
    return toRunReport(await this.#find(id), this.#props.nowMs());
  }

  /** Asks the owner to pause, resume or cancel; the state of the run tells when it has. Throws `UNKNOWN_OBJECT`. */
  async command(id: string, command: RunCommand): Promise<RunView> {
    const view = await this.get(id);
    if (view.endedAt !== undefined) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `The run ${id} has ${view.state} already; only one that goes on can ${command}`,
        { run: id },
      );
    }
    await this.#props.store.command(id, command);
    return view;
  }

  /** Objects of a kind by name, as they are now. */
  #named<Value>(kind: ConfigurationKind, names: ReadonlySet<string>): Readonly<Record<string, Value>> {
    const stored = this.#props.snapshot().list<Value>(kind);
    return Object.fromEntries(stored.filter(({ name }) => names.has(name)).map(({ name, value }) => [name, value]));
  }

  async #find(id: string): Promise<RunRecord> {
    const record = await this.#props.store.find(id);
    if (record !== undefined) return record;
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no run ${id}; list the runs to see their ids`, { run: id });
  }

  /** The exposed version with its subflows in it, as they are now; options are then part of it. */
  #withSubflows({ dataflow, options = {} }: RunRequest) {
    const { version, document } = this.#exposed(dataflow);
    const snapshot = this.#props.snapshot();
    const subflows = {
      find(name: string) {
        const stored = snapshot.find<StoredDataflow>('dataflow', name)?.value;
        return stored?.versions.find(({ number }) => number === stored.exposedVersion)?.document;
      },
      names: () => snapshot.list('dataflow').map(({ name }) => name),
    };
    const { value, problems } = expandSubflows(dataflow, document, this.#definitions, subflows, options);
    assertNoProblems(dataflow, problems);
    return { version, document: value, options: value === document ? options : {} };
  }

  #exposed(name: string): { readonly version: number; readonly document: unknown } {
    const snapshot = this.#props.snapshot();
    const stored = snapshot.find<StoredDataflow>('dataflow', name)?.value;
    if (stored === undefined) {
      const closest = findClosestName(
        name,
        snapshot.list('dataflow').map((dataflow) => dataflow.name),
      );
      throw new SpectrumError(
        'UNKNOWN_OBJECT',
        `There is no dataflow ${name}${closest ? `; did you mean ${closest}?` : ''}`,
        { dataflow: name },
      );
    }
    const version = stored.versions.find(({ number }) => number === stored.exposedVersion);
    if (version !== undefined) return { version: version.number, document: version.document };
    throw new SpectrumError('INVALID_REQUEST', `dataflow: ${name} has no exposed version; expose one to run it`, {
      dataflow: name,
    });
  }

  /** What a run keeps from now on, whatever changes in the configuration meanwhile. */
  #surroundings(): Pick<RunOrder, 'databases' | 'defaultDatabases' | 'savedOptions'> {
    const snapshot = this.#props.snapshot();
    const databases: Record<string, string> = {};
    const defaultDatabases: Record<string, string> = {};
    const resources = [...snapshot.list<StoredResource>('database-resource')];
    for (const { name, value } of resources.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      databases[name] = `${value.database}/${value.vintage}`;
      for (const module of [value.module, '']) defaultDatabases[module] ??= name;
    }
    const defaults = snapshot.list<StoredServiceDefault>('service-default');
    const savedOptions = defaults.map(
      ({ name, value }) => [name, { ...value.databaseResources, ...value.options }] as const,
    );
    return { databases, defaultDatabases, savedOptions: Object.fromEntries(savedOptions) };
  }
}

/** Every text of that setting, and of options, which may be mapped to it. */
function namedIn(
  setting: string,
  document: unknown,
  options: Readonly<Record<string, unknown>> = {},
): ReadonlySet<string> {
  const { stages = [], options: declared = [] } = document as {
    readonly stages?: readonly { readonly settings?: Readonly<Record<string, unknown>> }[];
    readonly options?: readonly { readonly default?: unknown }[];
  };
  const named = stages.map(({ settings }) => settings?.[setting]);
  const defaults = declared.map((option) => option.default);
  return new Set([...named, ...defaults, ...Object.values(options)].filter((one) => typeof one === 'string'));
}

/** The document with other files for the stages of these labels. */
function applyFiles(dataflow: string, document: unknown, files: Readonly<Record<string, string>>): unknown {
  const stages = (document as { readonly stages?: readonly StageLike[] }).stages ?? [];
  const labels = stages.map(({ id, label }) => label ?? id);
  for (const label of Object.keys(files)) {
    if (labels.includes(label)) continue;
    throw new SpectrumError('INVALID_REQUEST', `files: ${dataflow} has no stage ${label}; use ${labels.join(', ')}`, {
      field: 'files',
      given: label,
    });
  }
  const changed = stages.map((stage) => {
    const file = files[stage.label ?? stage.id];
    return file === undefined ? stage : { ...stage, settings: { ...stage.settings, file } };
  });
  return { ...(document as object), stages: changed };
}

interface StageLike {
  readonly id: string;
  readonly label?: string;
  readonly settings?: object;
}
