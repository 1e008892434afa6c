import { BasicAuthSecurity, type Client, createClientAsync } from 'soap';
import { demonstrationValues } from '../../support/demonstration-places.ts';
import { householdService } from '../../support/household-service.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { adminPassword } from '../../support/test-gateway.ts';

/** The npm package soap: reads a WSDL, offers its operations, writes and reads the messages. */
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster([householdService]);
});
afterAll(() => cluster.close());

async function connect(path: string): Promise<Client> {
  const client = await createClientAsync(`${cluster.origin}${path}?wsdl`);
  client.setSecurity(new BasicAuthSecurity('admin', adminPassword));
  return client;
}

type Values = Record<string, unknown>;

/** The library lists two facts about the namespace beside the elements of a type. */
function namesIn(type: Values): readonly string[] {
  return Object.keys(type).filter((name) => !name.startsWith('targetN'));
}

test('calls every service with typed rows and reads typed rows back', async () => {
  for (const service of cluster.services) {
    const { name, input, output } = service;
    const client = await connect(`/soap/${name}`);
    const types = client.describe()[name][`${name}Port`][name];
    expect(namesIn(types.input)).toEqual(['options', input.port]);
    const rowType = types.input[input.port][`${input.row}[]`];
    expect(namesIn(rowType)).toEqual([...input.fields.map((field) => field.name), 'user_fields']);
    expect(Object.keys(types.output[output.port][`${output.row}[]`])).toContain('user_fields');

    const fields = Object.fromEntries(
      input.fields.flatMap((field) => Object.entries({ [field.name]: demonstrationValues[field.name] ?? '' })),
    );
    const row = (id: string): Values => ({ ...fields, user_fields: { user_field: [{ name: 'id', value: id }] } });
    const [answer] = await client[`${name}Async`]({ [input.port]: { [input.row]: [row('1'), row('2')] } });
    const rows = [answer[output.port][output.row]].flat() as Values[];
    const ids = rows.map(
      ({ user_fields }) => (user_fields as { user_field: { value: string }[] }).user_field[0]?.value,
    );
    expect([...new Set(ids)]).toEqual(['1', '2']);
  }
});

test('finds an address and reads options, for a client that sends them in order of the schema', async () => {
  const client = await connect('/soap/ValidateAddress');
  const { AddressLine1, City, StateProvince } = demonstrationValues;
  const [answer] = await client.ValidateAddressAsync({
    options: { OutputCasing: 'U' },
    input_port: { Address: [{ AddressLine1, City, StateProvince }] },
  });
  const [address] = [answer.output_port.Address].flat();
  expect(address).toMatchObject({ AddressLine1: '1 GLOBAL VW', City: 'TROY', 'PostalCode.Base': '12180' });
});

test('reads numbers and lists as such where the schema has them', async () => {
  const client = await connect('/soap/CountHousehold');
  const Member = [
    { 'First.Name': 'Ann', Age: 40 },
    { 'First.Name': 'Ben', Age: 5 },
  ];
  const [answer] = await client.CountHouseholdAsync({ Input: { Row: [{ Name: 'Lee', Members: { Member } }] } });
  expect([answer.Output.Row].flat()[0]).toMatchObject({
    Count: 2,
    MeanAge: 22.5,
    IsEmpty: false,
    Members: { Member },
  });
});

test('gets a fault that says what is wrong', async () => {
  const client = await connect('/soap/ValidateAddress');
  const call = client.ValidateAddressAsync({ options: { OutputCasing: 'X' } });
  await expect(call).rejects.toMatchObject({
    root: {
      Envelope: {
        Body: {
          Fault: {
            faultcode: 'soap:Client',
            detail: {
              ServiceInvocationFault: { message: expect.stringContaining('OutputCasing: "X" is not allowed') },
            },
          },
        },
      },
    },
  });
});

test('logs in by the token service, calls with the token, logs off', async () => {
  const manager = await connect('/security/TokenManagerService');
  const [{ return: issued }] = await manager.getAccessExpiringTokenAsync({ tokenLifeInMinutes: 5 });
  expect(issued).toMatchObject({ username: 'admin', session: expect.stringMatching(/^[\da-f-]{36}$/) });

  const headers = { Cookie: `spectrum.authentication.token=${issued.token}; SESSION=${issued.session}` };
  const service = await createClientAsync(`${cluster.origin}/soap/GreetPerson?wsdl`);
  service.addHttpHeader('Cookie', headers.Cookie);
  const call = () => service.GreetPersonAsync({ input_port: { Person: [{ FirstName: 'Ann' }] } });
  const [greeted] = await call();
  expect([greeted.output_port.Greeting].flat()[0].Greeting).toBe('Hello Ann');

  const logout = await createClientAsync(`${cluster.origin}/security/TokenLogoutService?wsdl`);
  logout.addHttpHeader('Cookie', headers.Cookie);
  await logout.logoutAsync({});
  await expect(call()).rejects.toMatchObject({ response: { status: 401 } });
});

test.each(['getAccessToken', 'getAccessRemoteHostToken', 'getAccessExpiringRemoteHostToken'])(
  '%s gives a token that is accepted',
  async (operation) => {
    const manager = await connect('/security/TokenManagerService');
    const [{ return: issued }] = await manager[`${operation}Async`]({ tokenLifeInMinutes: 5 });
    expect('session' in issued).toBe(operation === 'getAccessToken');
    const headers = { authorization: `Bearer ${issued.token}`, cookie: `SESSION=${issued.session}` };
    const response = await fetch(`${cluster.origin}/rest/GreetPerson/results.json?Data.FirstName=Ann`, { headers });
    expect(response.status).toBe(200);
  },
);
