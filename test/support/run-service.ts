import type { AddressDatabase } from '../../server/reference-data/index.ts';
import {
  type InputRow,
  type OptionTable,
  type OutputRow,
  parseOptions,
  type ServiceDefinition,
} from '../../server/services/index.ts';

/** Calls a service in process over one database, as the gateway would, and returns its rows as they are printed. */
export async function runService<Options extends OptionTable>(
  service: ServiceDefinition<Options>,
  database: AddressDatabase,
  rows: readonly InputRow[],
  options: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly OutputRow[])[]> {
  const values = parseOptions(service.options, options);
  const answers = await service.run(rows, values, { database: () => database });
  return answers.map((answer) => answer.map(dropUndefined));
}

function dropUndefined(row: OutputRow): OutputRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
