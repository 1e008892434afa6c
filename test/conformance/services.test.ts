import { type ServiceDefinition, serviceRegistry } from '../../server/services/index.ts';
import { createDemonstrationPlaces, demonstrationValues } from '../support/demonstration-places.ts';
import { InMemoryConfiguration } from '../support/in-memory-configuration.ts';
import { sampleService } from '../support/sample-service.ts';
import { exposeDataflows, exposeVersions, plainService } from '../support/service-dataflows.ts';
import { type Call, type CallRow, interfaces } from '../support/service-interfaces.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** The same cases over every interface, for every service there is: a new one is covered without a new test. */
const configuration = new InMemoryConfiguration();
const exposed = exposeDataflows(configuration);
const services: readonly ServiceDefinition[] = [
  sampleService,
  ...serviceRegistry,
  exposed.create('FromDataflow', plainService),
];
const [reference, ...others] = interfaces.filter(({ mostRows }) => mostRows > 1);
const everyInterface = [reference, ...others, ...interfaces.filter(({ mostRows }) => mostRows === 1)];

const foundTitle = 'one that is found';

let gateway: TestGateway;
beforeAll(async () => {
  await exposeVersions(configuration, 'FromDataflow', [plainService]);
  const database = createDemonstrationPlaces();
  gateway = await openTestGateway({ services: [sampleService, ...serviceRegistry], configuration, exposed, database });
});
afterAll(() => gateway.close());

test('the registry has services', () => {
  expect(serviceRegistry.length).toBeGreaterThanOrEqual(6);
});

describe.each(services.map((service) => [service.name, service] as const))('%s', (_name, service) => {
  test.each(rowsOf(service))('answers a record alike over every interface: %s', async (title, row) => {
    await expectEqualAnswers({ rows: [row] }, title === foundTitle);
  });

  test('answers several records alike, each with its own user fields', async () => {
    await expectEqualAnswers({ rows: rowsOf(service).map(([, row]) => row) }, true);
  });

  test('reads every option alike', async () => {
    const [[, row] = ['', { fields: {} }]] = rowsOf(service);
    for (const options of optionsOf(service)) await expectEqualAnswers({ rows: [row], options });
  });

  test('takes a wrong option alike: refused in the same words, or read as its default', async () => {
    const choices = Object.entries(service.options).filter(([, { values }]) => values !== undefined);
    for (const [option] of choices) {
      const call = { rows: [{ fields: {} }], options: { [option]: 'no such value' } };
      const expected = await reference?.call(gateway, service, call);
      if (expected?.status !== 200)
        expect(expected?.message).toMatch(`${option}: "no such value" is not allowed; use `);
      for (const each of everyInterface) {
        const answer = await each?.call(gateway, service, call);
        // A fault travels with 500 whatever it says (SOAP 1.1 section 6.2).
        const status = each?.title.startsWith('SOAP') && expected?.status === 400 ? 500 : expected?.status;
        expect({ over: each?.title, answer }).toEqual({ over: each?.title, answer: { ...expected, status } });
      }
    }
  });

  /** A service may answer a record with no row at all, but not the one that is found. */
  async function expectEqualAnswers(call: Call, isFound = false): Promise<void> {
    const expected = await reference?.call(gateway, service, call);
    expect(expected).toMatchObject({ status: 200 });
    if (isFound) expect(expected?.rows.length).toBeGreaterThan(0);
    for (const each of everyInterface.filter((one) => call.rows.length <= (one?.mostRows ?? 0))) {
      expect({ over: each?.title, answer: await each?.call(gateway, service, call) }).toEqual({
        over: each?.title,
        answer: expected,
      });
    }
  }
});

/** Records that find something, find nothing, are empty, and hold what formats trip over. */
function rowsOf({ input }: ServiceDefinition): readonly (readonly [title: string, row: CallRow])[] {
  const fill = (pickValue: (name: string, index: number) => string | undefined) => {
    const values = input.fields.map(({ name }, index) => [name, pickValue(name, index)] as const);
    return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined));
  };
  return [
    [foundTitle, { fields: fill((name) => demonstrationValues[name]), userFields: { id: '1' } }],
    [
      'one that is not found',
      { fields: fill((_name, index) => `nowhere ${index}`), userFields: { id: '2', more: 'x' } },
    ],
    ['an empty one', { fields: {} }],
    ['empty fields', { fields: fill(() => ''), userFields: { empty: '' } }],
    [
      'difficult text',
      { fields: fill(() => ' <a href="x">&amp; \u00e9\u4e2d\ud83d\ude00\t\r\n\' '), userFields: { 'a.b': ']]>' } },
    ],
  ];
}

/** Each value of a choice, and the default of the other options, one at a time. */
function optionsOf({ options }: ServiceDefinition): readonly Record<string, string>[] {
  return Object.entries(options).flatMap(([name, { values, defaultText }]) =>
    (values ?? [defaultText]).filter((value) => value !== '').map((value) => ({ [name]: value })),
  );
}
