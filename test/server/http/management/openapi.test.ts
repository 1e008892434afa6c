import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { kinds } from '../../../../contract/kinds.ts';
import { managementRoutes } from '../../../../server/http/management/routes.ts';
import { serviceRegistry } from '../../../../server/services/index.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
let document: Document;
beforeAll(async () => {
  gateway = await openTestGateway({ services: serviceRegistry });
  document = (await (await fetch(`${gateway.origin}/api/v1/openapi.json`)).json()) as Document;
});
afterAll(() => gateway.close());

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly $ref: string }[];
}

interface Document {
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, { readonly properties: object }>>>>;
}

const operations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods));

test('is valid OpenAPI 3.1 and names the server as the client reached it', () => {
  const validator = join(__dirname, '../../../support/validate-openapi.js');
  const report = execFileSync(process.execPath, [validator], { input: JSON.stringify(document), encoding: 'utf8' });
  expect(JSON.parse(report)).toEqual({ version: '3.1', errors: [] });
  expect(document.servers).toEqual([{ url: gateway.origin }]);
});

test('describes every URL that there is and none that is not', () => {
  const props = { services: serviceRegistry } as unknown as Parameters<typeof managementRoutes>[0];
  const served = managementRoutes(props)
    .map(({ method, path }) => `${String(method).toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`)
    .filter((url) => !/ \/api\/?$|\/openapi\.json$/.test(url));
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(served.sort());
});

test.each(['/api', '/api/'])('%s says where to go on, and every place is there', async (path) => {
  const answer = await fetch(gateway.origin + path);
  const { items } = (await answer.json()) as { items: { path: string }[] };
  expect(items.map((item) => item.path)).toContain(`${gateway.origin}/api/v1/openapi.json`);
  for (const item of items) {
    const { status } = await fetch(item.path, { headers: { authorization: gateway.authorization } });
    expect([item.path, status]).toEqual([item.path, 200]);
  }
});

test('gives every operation a name of its own, and refers to nothing that is not there', () => {
  const ids = operations().map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
  const dangling = references.filter(([, section, name]) => !document.components[String(section)]?.[String(name)]);
  expect(dangling).toEqual([]);
});

test.each(Object.entries(kinds))(
  '%s has the fields of its schema, and none that stays in the server',
  (kind, { schema }) => {
    const name = kind.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
    const described = Object.keys(document.components.schemas?.[name]?.properties ?? {});
    const sent = Object.entries(schema.fields).map(([field, member]) =>
      field === 'passwordHash' ? 'password' : member && field,
    );
    expect(described).toEqual(expect.arrayContaining(['name', 'revision', ...sent]));
    expect(described).not.toContain('passwordHash');
  },
);

test('the explorer shows it', async () => {
  const page = await (await fetch(`${gateway.origin}/explorer`)).text();
  const script = await (await fetch(`${gateway.origin}/explorer/explorer.js`)).text();
  expect([page, script]).toEqual([
    expect.stringContaining('href="/explorer?api=management"'),
    expect.stringContaining('/api/v1/openapi.json'),
  ]);
});
