import type { AddressDatabase } from '../../server/reference-data/index.ts';
import {
  type InputRow,
  type OptionTable,
  type OutputRow,
  parseOptions,
  type ServiceDefinition,
} from '../../server/services/index.ts';

/** Runs a service on one row as the gateway does; the answer without its undefined fields. */
export async function runService<Options extends OptionTable>(
  service: ServiceDefinition<Options>,
  database: AddressDatabase,
  row: InputRow,
  options: Readonly<Record<string, string>> = {},
): Promise<readonly OutputRow[]> {
  const context = { database: () => database };
  const [answer = []] = await service.run([row], parseOptions(service.options, options), context);
  return answer.map(dropUndefined);
}

/** Runs a service on several rows in one call; for each row its answer, without undefined fields. */
export async function runServiceOnRows<Options extends OptionTable>(
  service: ServiceDefinition<Options>,
  database: AddressDatabase,
  rows: readonly InputRow[],
  options: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly OutputRow[])[]> {
  const answers = await service.run(rows, parseOptions(service.options, options), { database: () => database });
  return answers.map((answer) => answer.map(dropUndefined));
}

function dropUndefined(row: OutputRow): OutputRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
