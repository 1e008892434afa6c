import { buildStarterDatabase, loadStarterAddresses } from '../../bench/accuracy/starter-database.ts';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { type InputRow, parseOptions, type ServiceDefinition, serviceRegistry } from '../../server/services/index.ts';
import { generateInput, randomFrom } from './generated-inputs.ts';

/**
 * A program of its own, since a test runner slows code many times over: asks the services so many generated inputs of a
 * seed, then the slowest of them again, and prints one `GeneratedOutcome` as JSON. It fails at an input without answer.
 */
export interface GeneratedOutcome {
  readonly asked: number;
  /** Of the slowest asked again, warm, the longest by the least of its times: milliseconds of processor time. */
  readonly slowestMs: number;
  readonly slowest: InputRow;
}

const slowestKept = 100;
const warmRuns = 10;

type Ask = (row: InputRow) => Promise<void>;

void main(Number(process.argv[2]), Number(process.argv[3]));

async function main(count: number, seed: number): Promise<void> {
  const { database, close } = await buildStarterDatabase();
  const asks = ['ValidateAddress', 'GeocodeUSAddress'].map((name) => prepare(name, database));
  const slowest = await askAll(asks, count, seed);
  // Code for rows like these is compiled by the first pass; only the second is told.
  for (const { row } of slowest) for (const ask of asks) await leastMs(ask, row);
  let outcome: GeneratedOutcome = { asked: count, slowestMs: 0, slowest: {} };
  for (const { row } of slowest) {
    for (const ask of asks) {
      const slowestMs = await leastMs(ask, row);
      if (slowestMs > outcome.slowestMs) outcome = { asked: count, slowestMs, slowest: row };
    }
  }
  await close();
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

async function askAll(asks: readonly Ask[], count: number, seed: number) {
  const addresses = loadStarterAddresses().map(
    ({ address1, address2, city = '', state, postalCode }): InputRow => ({
      AddressLine1: address1,
      AddressLine2: address2,
      City: city,
      StateProvince: state,
      PostalCode: postalCode,
    }),
  );
  const random = randomFrom(seed);
  const slowest: { readonly row: InputRow; readonly ms: number }[] = [];
  for (let at = 0; at < count; at += 1) {
    const row = generateInput(addresses, random);
    const began = performance.now();
    for (const ask of asks) await ask(row);
    const ms = performance.now() - began;
    if (slowest.length === slowestKept && ms <= (slowest.at(-1)?.ms ?? 0)) continue;
    slowest.push({ row, ms });
    slowest.sort((a, b) => b.ms - a.ms);
    if (slowest.length > slowestKept) slowest.pop();
  }
  return slowest;
}

function prepare(name: string, database: AddressDatabase): Ask {
  const service = findService(name);
  const values = parseOptions(service.options, {});
  return async (row) => {
    const [answer = []] = await service.run([row], values, { database: () => database });
    if (answer.length === 0) throw new Error(`no answer to ${JSON.stringify(row)}`);
  };
}

/** The least processor time of several warm runs: what the code takes, not what the machine was doing. */
async function leastMs(ask: Ask, row: InputRow): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < warmRuns; run += 1) {
    const began = process.cpuUsage();
    await ask(row);
    const { user, system } = process.cpuUsage(began);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

function findService(name: string): ServiceDefinition {
  const service = serviceRegistry.find((one) => one.name === name);
  if (!service) throw new Error(`the registry has no service ${name}`);
  return service;
}
