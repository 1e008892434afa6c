import type { AddressDatabase } from '../../server/reference-data/index.ts';
import {
  type InputRow,
  type OutputRow,
  parseOptions,
  type ServiceDefinition,
  serviceRegistry,
} from '../../server/services/index.ts';
import type { PoolAddress } from './pool.ts';
import type { Side } from './rates.ts';

const batchRows = 500;

export function toAddressRow({ number, street, unit, city, state, postalCode }: PoolAddress): InputRow {
  const AddressLine1 = `${number} ${street}`;
  return { AddressLine1, AddressLine2: unit, City: city, StateProvince: state, PostalCode: postalCode };
}

export function toPlaceRow({ longitude, latitude }: PoolAddress): InputRow {
  return { Longitude: String(longitude), Latitude: String(latitude) };
}

/** One service over all rows, so many at a time; `database` is asked anew for each run. */
export function callService(
  name: string,
  rows: readonly InputRow[],
  database: () => AddressDatabase,
  perCall = batchRows,
): Side {
  const service = findService(name);
  const values = parseOptions(service.options, {});
  return {
    name,
    rows: rows.length,
    async run() {
      const open = database();
      for (let from = 0; from < rows.length; from += perCall) {
        await service.run(rows.slice(from, from + perCall), values, { database: () => open });
      }
    },
  };
}

/** The first answer to each row; an empty one where there is none. */
export async function answerRows(
  name: string,
  rows: readonly InputRow[],
  database: AddressDatabase,
): Promise<readonly OutputRow[]> {
  const service = findService(name);
  const values = parseOptions(service.options, {});
  const answers: OutputRow[] = [];
  for (let from = 0; from < rows.length; from += batchRows) {
    const batch = await service.run(rows.slice(from, from + batchRows), values, { database: () => database });
    for (const [first = {}] of batch) answers.push(first);
  }
  return answers;
}

function findService(name: string): ServiceDefinition {
  const service = serviceRegistry.find((one) => one.name === name);
  if (!service) throw new Error(`the registry has no service ${name}`);
  return service;
}
