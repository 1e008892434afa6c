import { type Document, OpenAPIClientAxios } from 'openapi-client-axios';
import { demonstrationValues } from '../../support/demonstration-places.ts';
import { openTestCluster, type TestCluster } from '../../support/test-cluster.ts';
import { adminPassword } from '../../support/test-gateway.ts';

/** The npm package openapi-client-axios: makes a client with one function per operation out of the document. */
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster();
});
afterAll(() => cluster.close());

async function connect() {
  const definition = (await (await fetch(`${cluster.origin}/openapi.json`)).json()) as Document;
  const api = new OpenAPIClientAxios({
    definition,
    axiosConfigDefaults: { auth: { username: 'admin', password: adminPassword }, validateStatus: () => true },
  });
  return api.init();
}

type Operation = (parameters: unknown, body?: unknown) => Promise<{ status: number; data: Record<string, unknown> }>;

test('calls every service by GET and POST and gets the same answer', async () => {
  const client = (await connect()) as unknown as Record<string, Operation>;
  for (const { name, input, output } of cluster.services) {
    const known = input.fields.filter((field) => demonstrationValues[field.name] !== undefined);
    const fields = Object.fromEntries(known.map((field) => [field.name, demonstrationValues[field.name]]));
    const parameters = Object.fromEntries(Object.entries(fields).map(([field, value]) => [`Data.${field}`, value]));
    const got = await client[`get${name}`]?.(parameters);
    const posted = await client[`post${name}`]?.(null, { [input.port]: { [input.row]: [fields] } });
    expect([name, got?.status, posted?.status]).toEqual([name, 200, 200]);
    expect(got?.data[output.port]).toEqual(posted?.data[output.port]);
    expect((got?.data[output.port] as unknown[] | undefined)?.length).toBeGreaterThan(0);
  }
});

test('the examples of the document are answered as they stand', async () => {
  const client = await connect();
  const paths = client.api.definition.paths ?? {};
  for (const { name } of cluster.services) {
    const operation = paths[`/rest/${name}/results.json`]?.post as {
      requestBody: { content: Record<string, { example: unknown }> };
    };
    const { example } = operation.requestBody.content['application/json'] ?? {};
    const { status } = (await (client as unknown as Record<string, Operation>)[`post${name}`]?.(null, example)) ?? {};
    expect([name, status]).toEqual([name, 200]);
  }
});
