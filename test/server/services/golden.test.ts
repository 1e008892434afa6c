import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ServiceDefinition, serviceRegistry } from '../../../server/services/index.ts';
import { createExampleDatabase } from '../../support/example-addresses.ts';
import { runServiceOnRows } from '../../support/run-service.ts';

const folder = resolve(__dirname, '../../golden');
const readJson = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));

/** `ValidateAddress` lies in `validate-address`. */
const toFolder = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();
const serviceOf = new Map(serviceRegistry.map((service) => [toFolder(service.name), service]));

const cases = readdirSync(folder).flatMap((service) =>
  readdirSync(join(folder, service)).map((behaviour) => ({ service, behaviour, path: join(service, behaviour) })),
);

test('every golden behaviour belongs to a service and has its answer', () => {
  expect(cases.length).toBeGreaterThan(30);
  expect(cases.filter(({ service }) => !serviceOf.has(service))).toEqual([]);
  expect(cases.filter(({ path }) => !existsSync(join(folder, path, 'expected.json')))).toEqual([]);
});

/** Numbers of addressing reference section 6 that are not shown, and why. */
const leftOut: Readonly<Record<number, string>> = {};

test('every example of the addressing reference is shown', () => {
  const shown = new Set(cases.flatMap(({ path }) => (readJson(path, 'input.json').examples ?? []) as number[]));
  const all = Array.from({ length: 27 }, (_, index) => index + 1);
  expect(all.filter((number) => !shown.has(number) && !(number in leftOut))).toEqual([]);
});

test.each(cases.map(({ path, service }) => [path, serviceOf.get(service) as ServiceDefinition] as const))(
  '%s',
  async (path, service) => {
    const { rows, options } = readJson(path, 'input.json');
    const answers = await runServiceOnRows(service, createExampleDatabase(), rows, options);
    expect(answers).toEqual(readJson(path, 'expected.json'));
  },
);
