import fc from 'fast-check';
import type { StageType } from '../../../server/dataflow/index.ts';
import { checkDataflow, compileDataflow, Layout, type Plan, type Row, Run } from '../../../server/dataflow/index.ts';
import { list, record, required, text } from '../../../server/foundation/fields.ts';
import { silentLog } from '../../../server/foundation/log.ts';
import { createServiceAccess } from '../../../server/jobs/service-access.ts';
import { serviceRegistry } from '../../../server/services/index.ts';
import { stageTypes } from '../../../server/stages/index.ts';
import { createInMemoryAddressDatabase } from '../../support/in-memory-address-database.ts';

const database = createInMemoryAddressDatabase({
  postalCodes: [{ code: '20020', stateProvince: 'DC', cities: ['WASHINGTON'] }],
  streets: [{ postalCode: '20020', name: 'T', suffix: 'ST', postdirectional: 'SE', points: ['1745', '1747'] }],
});
const services = createServiceAccess({
  services: serviceRegistry,
  savedOptions: () => ({}),
  databases: () => ({ database: () => database }),
});

const names = ['Id', 'AddressLine1', 'City', 'StateProvince', 'PostalCode', 'Note'];
const rows: readonly Row[] = [
  ['1', '1745 t street southeast', 'washington', 'dc', '', 'first'],
  ['2', '12 Nowhere Lane', 'Washington', 'DC', '20020', null],
  ['3', '1747 T St SE Apt 3', 'Washington', 'DC', '20020-1234', 'third'],
  ['4', '', 'Springfield', '', '', ''],
];

const giving: StageType = {
  definition: {
    name: 'Giving',
    label: 'Giving',
    group: 'sources',
    description: 'Gives rows',
    inputs: { fixed: [] },
    outputs: { fixed: [{ name: 'output_port', description: 'Rows' }] },
    settings: record('None', {}),
  },
  plan: () => ({
    outputs: new Map([['output_port', new Layout(names.map((name) => ({ name, type: 'string' })))]]),
    problems: [],
    flow: 'streaming',
    canResume: true,
    open: () => ({
      async *batches() {
        for (const row of rows) yield { rows: [[...row]] };
      },
    }),
  }),
};

/** Keeps some fields of every row as text, and tells how many fields came. */
function keeping(kept: string[], widths: number[]): StageType<{ readonly fields: readonly string[] }> {
  return {
    definition: {
      name: 'Keeping',
      label: 'Keeping',
      group: 'sinks',
      description: 'Keeps fields',
      inputs: { fixed: [{ name: 'input_port', description: 'Rows' }] },
      outputs: { fixed: [] },
      settings: record('Settings', { fields: required(list('Fields', text('A name'), 100)) }),
    },
    plan: ({ settings: { fields }, inputs }) => {
      const layout = inputs.get('input_port') as Layout;
      const missing = fields.filter((name) => layout.positionOf(name) < 0);
      return {
        outputs: new Map(),
        problems: missing.map((field) => ({ field, sentence: `${field} is missing` })),
        flow: 'streaming',
        canResume: true,
        reads: () => new Set(fields),
        open: () => ({
          process(given) {
            widths.push(layout.width);
            for (const row of given)
              kept.push(JSON.stringify(fields.map((name) => row[layout.positionOf(name)] ?? null)));
          },
        }),
      };
    },
  };
}

const field = fc.constantFrom(...names, 'Status', 'Confidence', 'StreetName', 'Latitude', 'MatchCode');
const target = fc.constantFrom('X', 'Y', 'City', 'Id');
const transform = fc.oneof(
  fc.record({ kind: fc.constant('copy'), field, to: target }),
  fc.record({ kind: fc.constant('rename'), field, to: fc.constantFrom('X', 'Y', 'Z') }),
  fc.record({ kind: fc.constant('remove field'), field }),
  fc.record({ kind: fc.constant('case'), field, case: fc.constant('upper') }),
  fc
    .record({ first: field, second: field, to: target })
    .map(({ first, second, to }) => ({ kind: 'construct', template: `\${${first}}/\${${second}}`, to })),
  fc
    .record({ first: field, second: field, to: target })
    .map(({ first, second, to }) => ({ kind: 'custom', to, expression: `data['${first}'] == null ? ${second} : 'x'` })),
);
const transforms = fc.array(transform, { maxLength: 4 });
const condition = field.map((name) => ({ port: 'good', all: [{ field: name, operator: 'is not null' }] }));
const written = fc.uniqueArray(fc.oneof(field, target), { minLength: 1, maxLength: 4 }).map((fields) => ({ fields }));

const channel = (from: string, to: string) => ({
  from: { stage: from.split('.')[0], port: from.split('.')[1] ?? 'output_port' },
  to: { stage: to, port: 'input_port' },
});

const instances = fc.constantFrom(1, 3);
const setting = fc.record({ instances, condition, key: field, good: written, bad: written });
const always = [
  { kind: 'copy', field: 'Id', to: 'X' },
  { kind: 'copy', field: 'City', to: 'Y' },
];

function createDocument(given: SettingsOf<typeof setting>, before: readonly object[], between: readonly object[]) {
  return {
    type: 'job',
    stages: [
      { id: 'give', type: 'Giving' },
      { id: 'before', type: 'Transformer', settings: { transforms: [...always, ...before] } },
      { id: 'validate', type: 'ValidateAddress', instances: given.instances },
      { id: 'between', type: 'Transformer', settings: { transforms: between } },
      { id: 'each', type: 'Broadcaster' },
      { id: 'drop', type: 'WriteToNull' },
      { id: 'geocode', type: 'GeocodeUSAddress' },
      { id: 'sort', type: 'Sorter', settings: { keys: [{ field: given.key }] } },
      { id: 'route', type: 'ConditionalRouter', settings: { conditions: [given.condition], default: 'bad' } },
      { id: 'good', type: 'Keeping', settings: given.good },
      { id: 'bad', type: 'Keeping', settings: given.bad },
    ],
    channels: [
      channel('give', 'before'),
      channel('before', 'validate'),
      channel('validate', 'between'),
      channel('between', 'each'),
      channel('each.first', 'geocode'),
      channel('each.second', 'drop'),
      channel('geocode', 'sort'),
      channel('sort', 'route'),
      channel('route.good', 'good'),
      channel('route.bad', 'bad'),
    ],
  };
}

type SettingsOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Those that can be made, one behind the other: one may have removed what another reads. */
function keepSound(given: readonly object[], isSound: (chosen: readonly object[]) => boolean): readonly object[] {
  let chosen: readonly object[] = [];
  for (const one of given) if (isSound([...chosen, one])) chosen = [...chosen, one];
  return chosen;
}

async function keep(plan: Plan, kept: string[]): Promise<readonly string[]> {
  kept.length = 0;
  const resources = { services } as ConstructorParameters<typeof Run>[0]['resources'];
  const outcome = await new Run({ plan, resources, log: silentLog, spillFolder: '' }).execute();
  if (outcome.status === 'failed') throw outcome.error;
  return kept.splice(0);
}

test('rows without the fields that nobody reads end as the whole ones do', async () => {
  const [kept, widths]: [string[], number[]] = [[], []];
  const types = new Map([
    ...stageTypes,
    ...[giving, keeping(kept, widths)].map((type) => [type.definition.name, type] as const),
  ]);
  await fc.assert(
    fc.asyncProperty(setting, transforms, transforms, async (given, first, second) => {
      const check = (...chosen: readonly [readonly object[], readonly object[]]) =>
        checkDataflow('test', createDocument(given, ...chosen), types).plan;
      const before = keepSound(first, (chosen) => check(chosen, []) !== undefined);
      const between = keepSound(second, (chosen) => check(before, chosen) !== undefined);
      const expected = await keep(check(before, between) as Plan, kept);
      widths.length = 0;
      const narrow = compileDataflow('test', createDocument(given, before, between), types);
      expect(await keep(narrow, kept)).toEqual(expected);
      expect(Math.max(...widths)).toBeLessThan(20);
    }),
  );
});
