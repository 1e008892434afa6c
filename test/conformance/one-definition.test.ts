import { dataflowActions } from '../../cli/jobs/dataflow-actions.ts';
import { ManagementClient } from '../../client/index.ts';
import { toJsonSchema } from '../../server/foundation/json-schema.ts';
import { serviceRegistry } from '../../server/services/index.ts';
import { stageTypes } from '../../server/stages/index.ts';
import { InMemoryConfiguration } from '../support/in-memory-configuration.ts';
import { exposeDataflows, exposeVersions, plainService } from '../support/service-dataflows.ts';
import { adminPassword, openTestGateway, type TestGateway } from '../support/test-gateway.ts';

/**
 * Design rule 3: what a node does is defined once. A service, of this server or made from a dataflow, is in every interface
 * by its definition alone; a stage is in the catalogue by its own, and every service is a stage.
 */
const configuration = new InMemoryConfiguration();
const exposed = exposeDataflows(configuration, serviceRegistry);
const services = [...serviceRegistry, exposed.create('FromDataflow', plainService)];
let gateway: TestGateway;
let catalogue: readonly { readonly name: string; readonly settings: object }[];
const pages = { listing: '', soap: '', openApi: {} as OpenApi };

interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly parameters?: readonly { readonly name: string }[] }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly properties?: object }>> };
}

async function read(path: string): Promise<string> {
  const response = await fetch(gateway.origin + path, { headers: { authorization: gateway.authorization } });
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return response.text();
}

beforeAll(async () => {
  await exposeVersions(configuration, 'FromDataflow', [plainService]);
  gateway = await openTestGateway({ services: serviceRegistry, configuration, exposed });
  pages.listing = await read('/rest');
  pages.soap = await read('/soap');
  pages.openApi = JSON.parse(await read('/openapi.json'));
  catalogue = JSON.parse(await read('/api/v1/stages')).items;
});
afterAll(() => gateway.close());

describe.each(services.map((service) => [service.name, service] as const))(
  'the service %s',
  (name, { input, output, options }) => {
    const fields = input.fields.map((field) => `Data.${field.name}`);
    const choices = Object.keys(options).map((option) => `Option.${option}`);

    test('is listed and described by REST with all its fields and options', async () => {
      expect(pages.listing).toContain(`/rest/${name}?_wadl</a>`);
      const wadl = await read(`/rest/${name}?_wadl`);
      const parameters = input.fields.some(({ list }) => list) ? [] : [...fields, ...choices];
      for (const parameter of parameters) expect(wadl).toContain(`name="${parameter}"`);
      for (const field of output.fields) expect(wadl).toContain(`name="${field.name}"`);
    });

    test('is listed and described by SOAP with all its fields and options', async () => {
      expect(pages.soap).toContain(`/soap/${name}?wsdl</a>`);
      const wsdl = await read(`/soap/${name}?wsdl`);
      for (const { name: field } of [...input.fields, ...output.fields]) expect(wsdl).toContain(`name="${field}"`);
      for (const option of Object.keys(options)) expect(wsdl).toContain(`name="${option}"`);
    });

    test('is in OpenAPI with all its fields and options', () => {
      const { paths, components } = pages.openApi;
      for (const format of ['json', 'xml']) expect(Object.keys(paths)).toContain(`/rest/${name}/results.${format}`);
      const get = paths[`/rest/${name}/results.json`]?.get;
      if (get !== undefined) expect(get.parameters?.map((one) => one.name)).toEqual([...fields, ...choices]);
      const properties = Object.keys(components.schemas[`${name}Result`]?.properties ?? {});
      expect(properties).toEqual([...output.fields.map((field) => field.name), 'user_fields']);
    });

    test('is described and previewed by the management API', async () => {
      const described = JSON.parse(await read(`/api/v1/services/${name}`));
      expect(described.input.fields.map((field: { name: string }) => field.name)).toEqual(
        input.fields.map((field) => field.name),
      );
      expect(described.options.map((option: { name: string }) => option.name)).toEqual(Object.keys(options));
    });
  },
);

test.each(serviceRegistry.map((service) => [service.name, service] as const))(
  'the service %s is a stage with the same options',
  (name, { options }) => {
    const schema = JSON.stringify(
      toJsonSchema(stageTypes.get(name)?.definition.settings ?? { type: 'flag', description: '' }),
    );
    for (const option of Object.keys(options)) expect(schema).toContain(JSON.stringify(option));
  },
);

test.each([...stageTypes.values()].map(({ definition }) => [definition.name, definition] as const))(
  'the stage %s is in the catalogue, with a form of its settings, and on the command line',
  async (name, definition) => {
    const found = catalogue.find((stage) => stage.name === name);
    expect(found).toMatchObject({
      label: definition.label,
      description: definition.description,
      group: definition.group,
    });
    expect(found?.settings).toEqual(JSON.parse(JSON.stringify(toJsonSchema(definition.settings))));
    const [, ...others] = await command('stages', name);
    expect(others).toEqual([]);
    expect(await command('stages')).toContain(`${name} (${definition.group}): ${definition.description}\n`);
  },
);

test('nothing else is in the catalogue', () => {
  expect(catalogue.map(({ name }) => name)).toEqual([...stageTypes.keys()]);
});

test('a service made from a dataflow is listed on the command line', async () => {
  expect((await command('list')).join('')).toContain('FromDataflow: newest version 1, version 1 exposed');
});

/** What an action of `spectrum dataflow` writes. */
async function command(action: string, ...words: string[]): Promise<string[]> {
  const client = new ManagementClient({ url: gateway.origin, credentials: { user: 'admin', password: adminPassword } });
  const written: string[] = [];
  const context = { client, words, flags: {} as never, write: (text: string) => void written.push(text) };
  expect(await dataflowActions[action]?.run(context)).toBe(0);
  return written;
}
