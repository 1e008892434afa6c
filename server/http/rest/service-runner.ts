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

/** The databases of one request, from its first use of them on; nothing it uses closes before `release`. */
export interface DatabaseLease extends ServiceContext {
  release(): void;
}

/** What a service call needs from its node. */
export interface ServiceSurroundings {
  snapshot(): ConfigurationSnapshot;
  /** Databases for one call of a service of this module. */
  leaseDatabases(module: string): DatabaseLease;
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
    return this.runWith(call, this.#options.read(call.options, this.#surroundings.snapshot()));
  }

  /** As `run`, whatever is saved for the service. */
  runWith(call: ServiceCall, options: OptionValues<OptionTable>): ServiceAnswer | Promise<ServiceAnswer> {
    const lease = this.#surroundings.leaseDatabases(this.definition.module);
    let answer: ServiceAnswer | Promise<ServiceAnswer>;
    try {
      answer =
        call.rows.length > rowsPerTurn && !this.definition.answersTogether
          ? this.#runInTurns(call, options, lease)
          : this.definition.run(call.rows, options, lease);
    } catch (error) {
      lease.release();
      throw error;
    }
    if (answer instanceof Promise)
      return answer.finally(() => lease.release()).then((rows) => this.#checked(call, rows));
    lease.release();
    return this.#checked(call, answer);
  }

  async #runInTurns(call: ServiceCall, options: OptionValues<OptionTable>, context: ServiceContext) {
    const answers: (readonly OutputRow[])[] = [];
    for (let from = 0; from < call.rows.length; from += rowsPerTurn) {
      if (from > 0) await nextTurn();
      answers.push(...(await this.definition.run(call.rows.slice(from, from + rowsPerTurn), options, context)));
    }
    return answers;
  }

  /** A service that loses a row would shift all user fields after it: better no answer than a wrong one. */
  #checked(call: ServiceCall, answer: ServiceAnswer): ServiceAnswer {
    if (answer.length === call.rows.length || answer.origins !== undefined) return answer;
    throw new SpectrumError(
      'INTERNAL',
      `${this.definition.name} answered ${answer.length} of ${call.rows.length} rows`,
    );
  }
}
