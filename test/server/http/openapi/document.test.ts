import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { serviceRegistry } from '../../../../server/services/index.ts';
import { sampleService } from '../../../support/sample-service.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

const services = [sampleService, ...serviceRegistry];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services });
});
afterAll(() => gateway.close());

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

async function read(headers: Record<string, string> = {}): Promise<Document> {
  return (await (await fetch(`${gateway.origin}/openapi.json`, { headers })).json()) as Document;
}

test('is valid OpenAPI 3.1', async () => {
  const validator = join(__dirname, '../../../support/validate-openapi.js');
  const report = execFileSync(process.execPath, [validator], { input: JSON.stringify(await read()), encoding: 'utf8' });
  expect(JSON.parse(report)).toEqual({ version: '3.1', errors: [] });
});

test('describes GET and POST in both formats for every service, and the token service', async () => {
  const { paths } = await read();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
  );
  const ofServices = services.flatMap(({ name }) => [
    `get /rest/${name}/results.json get${name}`,
    `post /rest/${name}/results.json post${name}`,
    `get /rest/${name}/results.xml get${name}Xml`,
    `post /rest/${name}/results.xml post${name}Xml`,
  ]);
  expect(operations).toEqual([
    ...ofServices,
    'get /security/rest/token/access/session/{ttlInMinutes} getSessionToken',
    'get /security/rest/token/access/{ttlInMinutes} getOpenToken',
    'get /security/rest/token/logout logout',
  ]);
});

test('names the server as the client reached it', async () => {
  const { servers } = await read({ 'x-forwarded-host': 'spectrum.example', 'x-forwarded-proto': 'https' });
  expect(servers).toEqual([{ url: 'https://spectrum.example' }]);
});

test('gives choices as enumerations and other options in words', async () => {
  const { paths } = await read();
  const get = paths['/rest/GreetPerson/results.json']?.get as unknown as { parameters: readonly { name: string }[] };
  const byName = Object.fromEntries(get.parameters.map((parameter) => [parameter.name, parameter]));
  expect(byName['Option.Tone']).toEqual({
    name: 'Option.Tone',
    in: 'query',
    description: 'How to say it. Default: Plain.',
    schema: { type: 'string', enum: ['Plain', 'Loud'] },
  });
  expect(byName['Option.Repeat.Count']).toMatchObject({ description: expect.stringContaining('from 0 to 5') });
  expect(Object.keys(byName)).toContain('Data.Name.Last');
});
