import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../contract/environment.ts';
import { errorCodes } from '../../contract/errors.ts';
import { fieldLimits, timeLimits } from '../../server/http/limits.ts';
import { serviceRegistry } from '../../server/services/index.ts';
import { readSettings } from '../../server/settings.ts';
import { createDemonstrationPlaces } from '../support/demonstration-places.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { childrenOf, descendantsOf, parseXmlTree, type XmlNode } from '../support/xml-tree.ts';

/** docs/migration.md against the code: what it lists exists, and every service is listed. */
const text = readFileSync(join(__dirname, '../../docs/migration.md'), 'utf8');

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway({ services: serviceRegistry, database: createDemonstrationPlaces() });
});
afterAll(() => gateway.close());

/** Rows of the table whose first column is headed so, cells without their quotes. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  if (start < 0) throw new Error(`no table is headed ${heading}`);
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const unquoted = (cell: string | undefined) => (cell ?? '').replaceAll('`', '');

test.each(tableOf('Method').map(([method, path, what]) => [method ?? '', unquoted(path), what]))(
  '%s %s is %s',
  async (method, path) => {
    const response = await fetch(gateway.origin + path, {
      method: String(method),
      headers: { authorization: gateway.authorization },
      ...(method === 'POST' ? { body: '' } : {}),
    });
    // A request without a body or a token is refused by the address that it reached.
    expect([200, 400, 401, 415, 500]).toContain(response.status);
    expect(await response.text()).not.toMatch(/UNKNOWN_PATH|UNKNOWN_SERVICE|METHOD_NOT_ALLOWED/);
  },
);

test('an address that is not listed would be found out', async () => {
  const response = await fetch(`${gateway.origin}/security/rest/token/nothing`, {
    headers: { authorization: gateway.authorization },
  });
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('UNKNOWN_PATH')]);
});

test('the services are those of the registry, with options that exist', () => {
  const listed = tableOf('Service').map(([service = '', options]) => [service, unquoted(options).split(' ')] as const);
  expect(listed.map(([service]) => service).sort()).toEqual(serviceRegistry.map(({ name }) => name).sort());
  for (const [name, options] of listed) {
    const known = Object.keys(serviceRegistry.find((service) => service.name === name)?.options ?? {});
    expect({ name, unknown: options.filter((option) => !known.includes(option)) }).toEqual({ name, unknown: [] });
  }
});

test('the services that print empty fields are named', () => {
  const [, named = ''] = /Empty ones are printed by ([^.]*) and left out/.exec(text.replaceAll('\n  ', ' ')) ?? [];
  const printing = serviceRegistry.filter(({ emptyValues }) => emptyValues === 'keep').map(({ name }) => name);
  expect(named.split(/, | and /)).toEqual(printing);
});

test('the operations for tokens are those of the descriptions', async () => {
  const listed = tableOf('Operation').map((cells) => cells.slice(0, 3).map(unquoted));
  const described = await Promise.all(
    ['TokenManagerService', 'TokenLogoutService'].map(async (service) => {
      const root = parseXmlTree(await (await fetch(`${gateway.origin}/security/${service}?wsdl`)).text());
      const types = descendantsOf(root, 'complexType');
      return descendantsOf(childrenOf(root, 'portType')[0] as XmlNode, 'operation').map(({ attributes }) => {
        const type = types.find((each) => each.attributes.name === attributes.name) as XmlNode;
        const parameters = descendantsOf(type, 'element').map((parameter) => parameter.attributes.name);
        return [attributes.name, service, parameters.join(' ')];
      });
    }),
  );
  expect(listed).toEqual(described.flat());
});

test('the codes exist and have the status they are listed with', () => {
  for (const [code, status] of tableOf('Code')) {
    const known: Readonly<Record<string, { readonly status: number }>> = errorCodes;
    expect([code, known[unquoted(code)]?.status]).toEqual([code, Number(status)]);
  }
});

test.each(tableOf('Property of a Spectrum server').map(([property, setting]) => [property ?? '', setting ?? '']))(
  '%s became %s',
  async (_property, setting) => {
    const [, url, field] = /`([^`]+)`, field `([^`]+)`/.exec(setting) ?? [];
    const response = await fetch(gateway.origin + url, { headers: { authorization: gateway.authorization } });
    const path = String(field).split('.');
    const found = path.reduce<unknown>(
      (value, name) => (value as Record<string, unknown>)[name],
      await response.json(),
    );
    expect(found).toBeDefined();
  },
);

test('limits are named as they are', () => {
  const [field, userField] = [fieldLimits.characters, fieldLimits.userFieldCharacters].map((count) =>
    count.toLocaleString('en-US'),
  );
  const words = text.replaceAll('\n  ', ' ');
  expect(words).toContain(`at most ${field} characters, a user field ${userField};`);
  const { rowLimit, bodyLimitBytes } = readSettings({});
  expect(words).toContain(`${rowLimit.toLocaleString('en-US')} rows (\`${environment.rowLimit}\`)`);
  expect(words).toContain(`${bodyLimitBytes / 2 ** 20} MiB (\`${environment.bodyLimitBytes}\`)`);
  const { sessionIdleMs, sessionNoteMs } = timeLimits;
  expect(text).toContain(`ends ${sessionIdleMs / 60_000} minutes after its last use on any node`);
  expect(text).toContain(`up to ${sessionNoteMs / 1_000} seconds earlier`);
});

test('the pages for newcomers are there', async () => {
  for (const path of ['/explorer', '/openapi.json']) expect((await fetch(gateway.origin + path)).status).toBe(200);
});
