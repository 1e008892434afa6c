import type { JobPlan } from '../../contract/jobs.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { AddressDatabase } from '../reference-data/index.ts';
import { type OutputRow, parseOptions, type ServiceContext, serviceRegistry } from '../services/index.ts';

/** A service applied to rows of a file. */
export interface ServiceStep {
  /** Columns of the output: those passed through, then the service's fields. */
  readonly columns: readonly string[];
  /** Answers rows, each with as many values as the input has columns. */
  run(rows: readonly (readonly string[])[], databases: ReadonlyMap<string, AddressDatabase>): Promise<string[][]>;
}

/** Throws `UNKNOWN_SERVICE`, `INVALID_OPTION` or `INVALID_SETTING` when the plan does not fit the services or columns. */
export function createServiceStep({ step }: JobPlan, columns: readonly string[]): ServiceStep {
  const service = serviceRegistry.find(({ name }) => name === step.service);
  if (!service) {
    const known = serviceRegistry.map(({ name }) => name);
    throw new SpectrumError('UNKNOWN_SERVICE', `service "${step.service}" is not known; use ${known.join(', ')}`);
  }
  const unknown = Object.keys(step.options).find((name) => !Object.hasOwn(service.options, name));
  if (unknown !== undefined) {
    const known = Object.keys(service.options).join(', ');
    throw new SpectrumError('INVALID_OPTION', `"${unknown}" is not an option of ${service.name}; use ${known}`);
  }
  const options = parseOptions(service.options, step.options);
  const inputNames = new Set(service.input.fields.map(({ name }) => name));
  const outputNames = service.output.fields.map(({ name }) => name);
  const passed = columns.flatMap((name, index) => (inputNames.has(name) ? [] : [{ name, index }]));
  const read = columns.flatMap((name, index) => (inputNames.has(name) ? [{ name, index }] : []));
  assertColumns(step.service, columns, { read, passed, inputNames, outputNames });
  return {
    columns: [...passed.map(({ name }) => name), ...outputNames],
    async run(rows, databases) {
      const inputs = rows.map((values) => Object.fromEntries(read.map(({ name, index }) => [name, values[index]])));
      const answers = await service.run(inputs, options, contextOf(databases));
      if (answers.length !== rows.length) {
        throw new SpectrumError('INTERNAL', `${service.name} answered ${answers.length} of ${rows.length} rows`);
      }
      const present = (values: readonly string[], answer: OutputRow) => [
        ...passed.map(({ index }) => values[index] ?? ''),
        ...outputNames.map((name) => answer[name] ?? ''),
      ];
      return rows.flatMap((values, row) => (answers[row] ?? []).map((answer) => present(values, answer)));
    },
  };
}

interface ColumnUse {
  readonly read: readonly unknown[];
  readonly passed: readonly { readonly name: string }[];
  readonly inputNames: ReadonlySet<string>;
  readonly outputNames: readonly string[];
}

function assertColumns(
  service: string,
  columns: readonly string[],
  { read, passed, inputNames, outputNames }: ColumnUse,
) {
  if (read.length === 0) {
    const sentence = `no column is a field of ${service}; name some of ${[...inputNames].join(', ')} (given: ${columns.join(', ')})`;
    throw new SpectrumError('INVALID_SETTING', sentence);
  }
  const both = passed.find(({ name }) => outputNames.includes(name));
  if (!both) return;
  throw new SpectrumError('INVALID_SETTING', `column "${both.name}" is also a field of ${service}'s answer; rename it`);
}

function contextOf(databases: ReadonlyMap<string, AddressDatabase>): ServiceContext {
  return {
    database(resourceName, option) {
      const [first] = databases.keys();
      const database = databases.get(resourceName || (first ?? ''));
      if (database) return database;
      const allowed = [...databases.keys()].join(', ') || 'none, as the plan names none';
      const sentence = `${option}: there is no database resource "${resourceName}" in the plan; use ${allowed}`;
      throw new SpectrumError('INVALID_OPTION', sentence);
    },
  };
}
