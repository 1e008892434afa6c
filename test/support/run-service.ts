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
  return answer.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)));
}
