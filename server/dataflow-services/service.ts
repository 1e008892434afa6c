import {
  assertNoProblems,
  checkDataflow,
  compileDataflow,
  type DataflowDocument,
  describeProblem,
  type Exchange,
  expandSubflows,
  type FindSubflow,
  type Plan,
  type Problem,
  parseDataflow,
  type Row,
  Run,
  type StageDefinition,
  type StageResources,
  type StageTypes,
} from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { Log } from '../foundation/log.ts';
import {
  defineService,
  type InputRow,
  type OutputRow,
  type ServiceAnswer,
  type ServiceDefinition,
} from '../services/index.ts';
import { type DataflowInterface, readInterface } from './interface.ts';
import { createAnswerWriter, createRequestReader } from './records.ts';

/** What the runs of services have of their node. */
export interface ServiceSurroundings {
  readonly stageTypes: StageTypes;
  readonly definitions: ReadonlyMap<string, StageDefinition>;
  readonly subflows: FindSubflow;
  /** Resources of one run; nothing they lend closes before `release`. */
  lend(): StageLoan;
  /** A folder of this process for what does not fit into memory. */
  readonly spillFolder: string;
  readonly log: Log;
}

export interface StageLoan {
  readonly resources: StageResources;
  release(): void;
}

/** Records of one answer at most: a stage may make many of one. */
const mostAnswers = 100_000;
/** Plans that are kept for the options that callers choose; they choose the same few again and again. */
const rememberedPlans = 64;

/** Everything that keeps a dataflow from being a service; `expanded` is the same without subflows. */
export function checkService(
  name: string,
  value: unknown,
  expanded: unknown,
  stageTypes: StageTypes,
): readonly Problem[] {
  const { document, problems } = parseDataflow(value);
  if (document === undefined) return problems;
  return [...readInterface(name, document).problems, ...checkDataflow(name, expanded, stageTypes).problems];
}

/** The service that a dataflow is. Throws `INVALID_DATAFLOW` with everything wrong with it. */
export function createDataflowService(name: string, value: unknown, surroundings: ServiceSurroundings) {
  const { document, problems } = parseDataflow(value);
  assertNoProblems(name, problems);
  const { found, problems: wrong } = readInterface(name, document as DataflowDocument);
  assertNoProblems(name, wrong);
  const engine = new ServiceEngine(name, document as DataflowDocument, found as DataflowInterface, surroundings);
  const { inputPort, outputPort, options, interfaces, resources } = found as DataflowInterface;
  return defineService({
    name,
    module: 'dataflows',
    description: (document as DataflowDocument).description,
    input: inputPort,
    output: outputPort,
    options,
    emptyValues: 'keep',
    answersTogether: true,
    interfaces,
    resources,
    run: (rows, given) => engine.run(rows, given),
  } satisfies ServiceDefinition);
}

/** Runs a compiled dataflow for each request. */
class ServiceEngine {
  readonly #name: string;
  readonly #document: DataflowDocument;
  readonly #surroundings: ServiceSurroundings;
  readonly #plans = new Map<string, Plan>();
  readonly #read: (rows: readonly InputRow[]) => Row[];
  readonly #write: (row: Row) => OutputRow;
  /** Where the place of a record stands behind the fields of an answer. */
  readonly #place: number;

  constructor(
    name: string,
    document: DataflowDocument,
    { input, output }: DataflowInterface,
    surroundings: ServiceSurroundings,
  ) {
    this.#name = name;
    this.#document = document;
    this.#surroundings = surroundings;
    this.#read = createRequestReader(input);
    this.#write = createAnswerWriter(output);
    this.#place = output.fields.length;
    this.#plans.set('{}', this.#compile({}));
  }

  async run(rows: readonly InputRow[], given: Readonly<Record<string, unknown>>): Promise<ServiceAnswer> {
    const { lend, spillFolder, log } = this.#surroundings;
    const plan = this.#planFor(given);
    const answer = new AnswerRecords(this.#read(rows));
    const { resources, release } = lend();
    try {
      const run = new Run({ plan, resources: { ...resources, exchange: answer }, log, spillFolder });
      const outcome = await run.execute();
      if (outcome.status === 'failed') throw outcome.error;
    } finally {
      release();
    }
    const groups = answer.rows.map((row) => [this.#write(row)]);
    const origins = answer.rows.map((row) => Number(row[this.#place] ?? -1));
    return Object.assign(groups, { origins });
  }

  /** Throws `INVALID_OPTION` when a value is not for its stage. */
  #planFor(given: Readonly<Record<string, unknown>>): Plan {
    const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const key = JSON.stringify(chosen);
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const plan = this.#compileChosen(chosen);
    if (this.#plans.size >= rememberedPlans) this.#plans.delete([...this.#plans.keys()][1] as string);
    this.#plans.set(key, plan);
    return plan;
  }

  #compileChosen(chosen: Readonly<Record<string, unknown>>): Plan {
    try {
      return this.#compile(chosen);
    } catch (error) {
      if (!(error instanceof SpectrumError) || error.code !== 'INVALID_DATAFLOW') throw error;
      const [first] = error.facts.problems as readonly Problem[];
      const sentence = first === undefined ? error.message : describeProblem(first);
      throw new SpectrumError('INVALID_OPTION', `${Object.keys(chosen).join(', ')}: ${sentence}`, { given: chosen });
    }
  }

  #compile(chosen: Readonly<Record<string, unknown>>): Plan {
    const { definitions, subflows, stageTypes } = this.#surroundings;
    const expanded = expandSubflows(this.#name, this.#document, definitions, subflows, chosen);
    assertNoProblems(this.#name, expanded.problems);
    const isExpanded = expanded.value !== this.#document;
    return compileDataflow(this.#name, expanded.value, stageTypes, isExpanded ? {} : chosen);
  }
}

/** The request and the answer of one run. */
class AnswerRecords implements Exchange {
  readonly request: readonly Row[];
  readonly rows: Row[] = [];

  constructor(request: readonly Row[]) {
    this.request = request;
  }

  answer(rows: Row[]): void {
    if (this.rows.length + rows.length > mostAnswers) {
      throw new SpectrumError(
        'INVALID_REQUEST',
        `The answer has more than ${mostAnswers} records; send fewer records in one request`,
        { limit: mostAnswers },
      );
    }
    for (const row of rows) this.rows.push(row);
  }
}
