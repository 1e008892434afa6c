import type { ConfigurationObject, ConfigurationSnapshot } from '../configuration/index.ts';
import { checkDataflow, expandSubflows, type Problem, type StageDefinition } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { toJsonSchema } from '../foundation/json-schema.ts';
import type { ServiceDefinition } from '../services/index.ts';
import { checkService, createDataflowService, type ServiceSurroundings } from './service.ts';
import { exposedDocument, type StoredDataflow, subflowsOf } from './stored.ts';

export interface ExposedDataflowsProps extends Omit<ServiceSurroundings, 'subflows' | 'definitions'> {
  snapshot(): ConfigurationSnapshot;
}

type Flows = Parameters<typeof subflowsOf>[0];

/** What a snapshot says of one name. */
interface Known {
  /** Compiled once for each version that is exposed. */
  readonly service: ServiceDefinition | undefined;
  readonly failure?: SpectrumError;
  /** What it was made of: another text is another service. */
  readonly source: string;
}

/**
 * The services made of dataflows, as the node's copy of the configuration has them at this moment: whoever finds one
 * keeps it to the end of the call, and the next one finds what is exposed then.
 */
export class ExposedDataflows {
  readonly #props: ExposedDataflowsProps;
  readonly #definitions: ReadonlyMap<string, StageDefinition>;
  readonly #known = new Map<string, Known>();
  #seen: ConfigurationSnapshot | undefined;
  /** Names that were looked up in the snapshot seen last. */
  #current = new Map<string, Known | undefined>();

  constructor(props: ExposedDataflowsProps) {
    this.#props = props;
    this.#definitions = new Map([...props.stageTypes].map(([type, { definition }]) => [type, definition]));
  }

  /** Undefined when no service of this name is exposed. Throws `INVALID_DATAFLOW` for one that cannot run here. */
  find(name: string): ServiceDefinition | undefined {
    const known = this.#look(name);
    if (known?.failure !== undefined) throw known.failure;
    return known?.service;
  }

  /** Every exposed service that can run here, by name. */
  list(): readonly ServiceDefinition[] {
    const objects = this.#props.snapshot().list<StoredDataflow>('dataflow');
    const names = objects.filter(({ value }) => value.exposedVersion !== undefined).map(({ name }) => name);
    return names.sort().flatMap((name) => this.#look(name)?.service ?? []);
  }

  /** Everything that keeps a dataflow from being exposed; a service has an interface besides. */
  check(name: string, document: unknown, flows: Flows = this.#props.snapshot()): readonly Problem[] {
    const { stageTypes } = this.#props;
    const { value, problems } = this.#expand(name, document, flows);
    if (problems.length > 0) return problems;
    const isService = (document as { readonly type?: unknown } | null)?.type === 'service';
    return isService
      ? checkService(name, document, value, stageTypes)
      : checkDataflow(name, value, stageTypes).problems;
  }

  /** The service that a dataflow would be. Throws `INVALID_DATAFLOW`. */
  create(name: string, document: unknown): ServiceDefinition {
    return createDataflowService(name, document, this.#surroundings());
  }

  /** The catalogue: every type of stage with the JSON Schema of its settings. */
  stages(): readonly object[] {
    return [...this.#definitions.values()].map((definition) => ({
      ...definition,
      settings: toJsonSchema(definition.settings),
    }));
  }

  #look(name: string): Known | undefined {
    const snapshot = this.#props.snapshot();
    if (snapshot !== this.#seen) {
      this.#seen = snapshot;
      this.#current = new Map();
    }
    if (this.#current.has(name)) return this.#current.get(name);
    const known = this.#refresh(name, snapshot.find<StoredDataflow>('dataflow', name));
    this.#current.set(name, known);
    return known;
  }

  #refresh(name: string, object: ConfigurationObject<StoredDataflow> | undefined): Known | undefined {
    const document = object && exposedDocument(object.value);
    if (document === undefined || document.type !== 'service') {
      this.#known.delete(name);
      return undefined;
    }
    const source = JSON.stringify(this.#expand(name, document).value);
    const earlier = this.#known.get(name);
    if (earlier?.source === source) return earlier;
    const known = this.#create(name, document, source);
    this.#known.set(name, known);
    return known;
  }

  #expand(name: string, document: unknown, flows: Flows = this.#props.snapshot()) {
    return expandSubflows(name, document, this.#definitions, subflowsOf(flows));
  }

  /** A service keeps the subflows that it was made with, whatever is exposed when it compiles other options. */
  #surroundings(): ServiceSurroundings {
    return { ...this.#props, subflows: subflowsOf(this.#props.snapshot()), definitions: this.#definitions };
  }

  #create(name: string, document: object, source: string): Known {
    try {
      return { service: createDataflowService(name, document, this.#surroundings()), source };
    } catch (error) {
      if (!(error instanceof SpectrumError)) throw error;
      this.#props.log.error({ err: error, dataflow: name }, 'An exposed dataflow cannot be a service of this node');
      return { service: undefined, failure: error, source };
    }
  }
}
