import { InMemoryConfiguration } from '../../support/in-memory-configuration.ts';
import { channel, exposeDataflows, exposeVersions, field, routedService } from '../../support/service-dataflows.ts';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

let configuration: InMemoryConfiguration;
let gateway: TestGateway;
beforeEach(async () => {
  configuration = new InMemoryConfiguration();
  gateway = await openTestGateway({ configuration, exposed: exposeDataflows(configuration) });
});
afterEach(() => gateway.close());

async function get(path: string) {
  const response = await fetch(gateway.origin + path, { headers: { authorization: gateway.authorization } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function post(path: string, body: unknown, type = 'application/json') {
  const response = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { authorization: gateway.authorization, 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

const rowsOf = (text: string, port = 'Output') => JSON.parse(text)[port];

test.each([
  ['foo', '1', { strOutput_1: 'foo', strInput: 'foo', typeInput: 1, user_fields: [] }],
  ['bar', '2', { strInput: 'bar', typeInput: 2, strOutput_2: 'bar', user_fields: [] }],
  [
    'fubar',
    '3',
    {
      Status: 'F',
      'Status.Code': '400',
      'Status.Description': 'Invalid value for typeInput',
      strInput: 'fubar',
      typeInput: 3,
      user_fields: [],
    },
  ],
])(
  '%s of type %s is answered with typed values, in the order of the Output, without what is not set',
  async (given, type, row) => {
    await exposeVersions(configuration, 'routed', [routedService]);
    const { status, text } = await get(`/rest/routed/results.json?Data.strInput=${given}&Data.typeInput=${type}`);
    expect(status).toBe(200);
    expect(JSON.stringify(rowsOf(text))).toBe(JSON.stringify([row]));
  },
);

test('one version is exposed; whoever calls next gets the next one, and none when it is taken back', async () => {
  const answer = async () => {
    const { status, text } = await get('/rest/routed/results.json?Data.strInput=x&Data.typeInput=9');
    return status === 200 ? rowsOf(text)[0]['Status.Code'] : status;
  };
  expect(await answer()).toBe(404);
  await exposeVersions(configuration, 'routed', [routedService]);
  expect(await answer()).toBe('400');
  const other = JSON.parse(JSON.stringify(routedService).replace('"400"', '"422"'));
  await exposeVersions(configuration, 'routed', [routedService, other]);
  expect(await answer()).toBe('422');
  await configuration.put('dataflow', 'routed', { latest: other, versions: [{ number: 1, document: routedService }] });
  expect(await answer()).toBe(404);
});

test('user fields come back with the records that they came with, whatever order these leave in', async () => {
  const sorted = {
    type: 'service',
    stages: [
      { id: 'Input', type: 'Input', settings: { fields: [field('Name'), field('Size', 'integer')] } },
      { id: 'sort', type: 'Sorter', settings: { keys: [{ field: 'Size' }] } },
      { id: 'Output', type: 'Output', settings: { fields: [field('Name')] } },
    ],
    channels: [channel('Input', 'sort'), channel('sort', 'Output')],
  };
  await exposeVersions(configuration, 'sorted', [sorted]);
  const rows = [5, 3, 9, 1].map((size) => ({ Name: `n${size}`, Size: size, id: `u${size}` }));
  const { status, text } = await post('/rest/sorted/results.json', { Input: { Row: rows } });
  expect([status, text]).toEqual([200, expect.anything()]);
  expect(
    rowsOf(text).map(({ Name, user_fields }: { Name: string; user_fields: object }) => [Name, user_fields]),
  ).toEqual([1, 3, 5, 9].map((size) => [`n${size}`, [{ name: 'id', value: `u${size}` }]]));
});

const typed = ['boolean', 'integer', 'long', 'float', 'double', 'bigdecimal', 'date', 'time', 'datetime', 'geometry'];
const straight = (fields: readonly object[], more: object = {}) => ({
  type: 'service',
  stages: [
    { id: 'Input', type: 'Input', settings: { fields } },
    { id: 'Output', type: 'Output', settings: { fields } },
  ],
  channels: [channel('Input', 'Output')],
  ...more,
});
const point = '{"type":"Point","coordinates":[-77,38.9]}';
const values: Readonly<Record<string, readonly [string, unknown]>> = {
  boolean: ['TRUE', true],
  integer: ['-7', -7],
  long: ['9007199254740993', 9007199254740992],
  float: ['1.5', 1.5],
  double: ['1e3', 1000],
  bigdecimal: ['12.50', 12.5],
  date: ['2027-03-31', '2027-03-31'],
  time: ['23:59:01', '23:59:01'],
  datetime: ['2027-03-31T23:59:01', '2027-03-31T23:59:01'],
  geometry: [point, JSON.parse(point)],
};

test('every type is read from a query and from JSON, and answered as what it is', async () => {
  await exposeVersions(configuration, 'typed', [straight(typed.map((type) => field(type, type)))]);
  const query = new URLSearchParams(typed.map((type): [string, string] => [`Data.${type}`, String(values[type]?.[0])]));
  const expected = { ...Object.fromEntries(typed.map((type) => [type, values[type]?.[1]])), user_fields: [] };
  expect(rowsOf((await get(`/rest/typed/results.json?${query}`)).text)).toEqual([expected]);
  const row = Object.fromEntries(typed.map((type) => [type, values[type]?.[1]]));
  expect(rowsOf((await post('/rest/typed/results.json', { Input: { Row: [row] } })).text)).toEqual([expected]);
  const features = JSON.parse((await get(`/rest/typed/results.geojson?${query}`)).text);
  expect(features.code).toBe('UNKNOWN_PATH');
});

test.each([
  ['integer', '1.5', 'integer: "1.5" is not a value of type integer; send a whole number of 32 bits'],
  ['date', '31.3.2027', 'date: "31.3.2027" is not a value of type date; send a date such as 2027-03-31'],
])('a value that is no %s is refused', async (type, value, sentence) => {
  await exposeVersions(configuration, 'typed', [straight([field(type, type)])]);
  const { status, text } = await get(`/rest/typed/results.json?Data.${type}=${value}`);
  expect([status, JSON.parse(text).message]).toEqual([400, sentence]);
});

test('a required field that is missing is named', async () => {
  await exposeVersions(configuration, 'typed', [straight([{ name: 'Id', required: true }])]);
  const { status, text } = await get('/rest/typed/results.json');
  expect([status, JSON.parse(text).message]).toEqual([400, 'Id is missing; send it with every record']);
});

test('lists go in and out, and a service with one takes no GET', async () => {
  const list = { name: 'Lines', type: 'list', dataType: 'Line', fields: [field('Text'), field('Number', 'integer')] };
  await exposeVersions(configuration, 'lists', [straight([field('Id'), list])]);
  const row = { Id: 'a', Lines: [{ Text: 'x', Number: 1 }, { Text: 'y' }] };
  expect(rowsOf((await post('/rest/lists/results.json', { Input: { Row: [row] } })).text)).toEqual([
    { ...row, user_fields: [] },
  ]);
  expect((await get('/rest/lists/results.json')).status).toBe(405);
});

test('options of the dataflow are those of the service', async () => {
  const chosen = straight([field('Text')], {
    options: [
      {
        name: 'Case',
        description: 'Letters.',
        mappings: [{ stage: 'change', setting: 'transforms' }],
        default: [{ kind: 'case', field: 'Text', case: 'upper' }],
      },
    ],
  });
  chosen.stages.splice(1, 0, { id: 'change', type: 'Transformer', settings: { transforms: [] } } as never);
  chosen.channels = [channel('Input', 'change'), channel('change', 'Output')];
  await exposeVersions(configuration, 'chosen', [chosen]);
  expect(rowsOf((await get('/rest/chosen/results.json?Data.Text=abc')).text)[0].Text).toBe('ABC');
  const wrong = await get('/rest/chosen/results.json?Data.Text=abc&Option.Case=no');
  expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([400, 'INVALID_OPTION']);
});

test('only who may execute the service calls it', async () => {
  await exposeVersions(configuration, 'typed', [straight([field('Id')])]);
  await post('/api/v1/users', { name: 'app', roles: ['user'], enabled: true, password: 'long enough!' });
  const authorization = `Basic ${Buffer.from('app:long enough!').toString('base64')}`;
  const call = () => fetch(`${gateway.origin}/rest/typed/results.json`, { headers: { authorization } });
  expect((await call()).status).toBe(403);
  await configuration.put('access-control', 'app', {
    user: 'app',
    entityType: 'Services',
    entity: 'typed',
    permissions: ['execute'],
  });
  expect((await call()).status).toBe(200);
});

test('it is listed and described, previewed, and has defaults, as every service', async () => {
  await exposeVersions(configuration, 'routed', [routedService]);
  expect((await get('/rest')).text).toContain('/rest/routed?_wadl</a>');
  expect((await get('/soap')).text).toContain('/soap/routed?wsdl</a>');
  expect((await get('/rest/routed?_wadl')).text).toContain('name="Data.typeInput"');
  expect((await get('/soap/routed?wsdl')).text).toContain('<xs:element name="typeInput" type="xs:int"');
  const { paths, components } = JSON.parse((await get('/openapi.json')).text);
  expect(Object.keys(paths)).toContain('/rest/routed/results.json');
  expect(components.schemas.routedResult.properties.typeInput.type).toBe('integer');
  const { items } = JSON.parse((await get('/api/v1/services')).text);
  expect(items.map(({ name }: { name: string }) => name)).toContain('routed');
  expect(JSON.parse((await get('/api/v1/services/routed')).text).output.fields).toHaveLength(7);
  const preview = await post('/api/v1/services/routed/preview', { rows: [{ strInput: 'a', typeInput: 1 }] });
  expect(JSON.parse(preview.text).answers).toEqual([[{ strOutput_1: 'a', strInput: 'a', typeInput: '1' }]]);
});

test('a URL of its own may carry values, in GeoJSON as well', async () => {
  const fields = [field('City'), field('obj', 'geometry')];
  const document = straight(fields, {
    exposure: {
      path: 'by/$\u007bData.City}',
      resources: [
        { method: 'GET', format: 'json', qualifier: 'results.json' },
        { method: 'GET', format: 'geojson', qualifier: 'results.geojson' },
      ],
    },
  });
  await exposeVersions(configuration, 'places', [document]);
  const query = `Data.obj=${encodeURIComponent(point)}`;
  expect(rowsOf((await get(`/rest/places/by/New%20York/results.json?${query}`)).text)[0].City).toBe('New York');
  const { status, type, text } = await get(`/rest/places/by/Troy/results.geojson?${query}&Data.id=7`);
  expect([status, type]).toEqual([200, 'application/geo+json;charset=utf-8']);
  expect(JSON.parse(text)).toEqual({
    type: 'FeatureCollection',
    features: [{ type: 'Feature', geometry: JSON.parse(point), properties: { City: 'Troy', id: '7' } }],
  });
  expect((await post('/rest/places/by/Troy/results.json', {})).status).toBe(405);
});

test('an unknown name is answered with the closest one', async () => {
  await exposeVersions(configuration, 'routed', [routedService]);
  const { status, text } = await get('/rest/roted/results.json');
  expect([status, JSON.parse(text).message]).toEqual([404, expect.stringContaining('did you mean routed?')]);
  expect((await get('/rest/routed/elsewhere')).status).toBe(404);
});

test('a subflow is a stage of a service; another version of it is for the next request, and it stays while it is used', async () => {
  const shout = (letters: string) => ({
    type: 'subflow',
    stages: [
      { id: 'Input', type: 'Input', settings: { fields: [field('Text')] } },
      { id: 'change', type: 'Transformer', settings: { transforms: [{ kind: 'case', field: 'Text', case: letters }] } },
      { id: 'Output', type: 'Output', settings: { fields: [field('Text')] } },
    ],
    channels: [channel('Input', 'change'), channel('change', 'Output')],
  });
  const service = straight([field('Text')]);
  service.stages.splice(1, 0, { id: 'shout', type: 'Subflow', settings: { dataflow: 'shout' } } as never);
  service.channels = [channel('Input', 'shout'), channel('shout', 'Output')];
  await exposeVersions(configuration, 'shout', [shout('upper')]);
  await exposeVersions(configuration, 'letters', [service]);
  const answer = async () => rowsOf((await get('/rest/letters/results.json?Data.Text=aBc')).text)[0].Text;
  expect(await answer()).toBe('ABC');
  await exposeVersions(configuration, 'shout', [shout('upper'), shout('lower')]);
  expect(await answer()).toBe('abc');
  const { status, text } = await post('/api/v1/dataflows/shout/unexpose', {});
  expect([status, JSON.parse(text).message]).toEqual([409, expect.stringContaining('shout is a stage of letters')]);
});
