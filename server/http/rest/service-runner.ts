import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConfigurationSnapshot } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type {
  OptionTable,
  OptionValues,
  OutputRow,
  ServiceAnswer,
  ServiceContext,
  ServiceDefinition,
} from '../../services/index.ts';
import type { ServiceCall } from './call.ts';
import { OptionReader } from './option-reader.ts';

/** The databases that are open at one moment. A holder keeps them open although newer ones took their place. */
export interface DatabaseContext extends ServiceContext {
  hold(): void;
  release(): void;
}

/** What a service call needs from its node. */
export interface ServiceSurroundings {
  snapshot(): ConfigurationSnapshot;
  /** The databases of a module as of now. */
  databases(module: string): DatabaseContext;
}

/** A service with more rows than this lets other requests have a turn in between. */
const rowsPerTurn = 200;

/** Runs calls of one service; the answer comes at once when the service needs no file and the rows are few. */
export class ServiceRunner {
  readonly definition: ServiceDefinition;
  readonly #surroundings: ServiceSurroundings;
  readonly #options: OptionReader;

  constructor(definition: ServiceDefinition, surroundings: ServiceSurroundings) {
    this.definition = definition;
    this.#surroundings = surroundings;
    this.#options = new OptionReader(definition);
  }

  run(call: ServiceCall): ServiceAnswer | Promise<ServiceAnswer> {
    const options = this.#options.read(call.options, this.#surroundings.snapshot());
    const context = this.#surroundings.databases(this.definition.module);
    if (call.rows.length > rowsPerTurn) return this.#held(context, () => this.#runInTurns(call, options, context));
    const answer = this.definition.run(call.rows, options, context);
    return answer instanceof Promise
      ? this.#held(context, () => answer.then(this.#checked(call)))
      : this.#checked(call)(answer);
  }

  async #runInTurns(call: ServiceCall, options: OptionValues<OptionTable>, context: DatabaseContext) {
    const answers: (readonly OutputRow[])[] = [];
    for (let from = 0; from < call.rows.length; from += rowsPerTurn) {
      if (from > 0) await nextTurn();
      answers.push(...(await this.definition.run(call.rows.slice(from, from + rowsPerTurn), options, context)));
    }
    return this.#checked(call)(answers);
  }

  async #held<T>(context: DatabaseContext, work: () => Promise<T>): Promise<T> {
    context.hold();
    try {
      return await work();
    } finally {
      context.release();
    }
  }

  /** A service that loses a row would shift all user fields after it: better no answer than a wrong one. */
  #checked(call: ServiceCall) {
    return (answer: ServiceAnswer): ServiceAnswer => {
      if (answer.length === call.rows.length) return answer;
      throw new SpectrumError(
        'INTERNAL',
        `${this.definition.name} answered ${answer.length} of ${call.rows.length} rows`,
        {},
      );
    };
  }
}
