import { readFileSync } from 'node:fs';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

test('the page loads nothing from elsewhere, and everything it loads is there', async () => {
  const response = await fetch(`${gateway.origin}/explorer`);
  const page = await response.text();
  const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => String(url));
  expect(loaded.filter((url) => /^(https?:)?\/\//.test(url))).toEqual([]);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  const files = loaded.filter((url) => url.startsWith('/explorer/'));
  expect(files).toHaveLength(4);
  for (const file of files) expect((await fetch(gateway.origin + file)).status).toBe(200);
});

test('the component is sent as it was installed', async () => {
  const response = await fetch(`${gateway.origin}/explorer/swagger-ui-bundle.js`);
  expect(response.headers.get('content-type')).toBe('text/javascript;charset=utf-8');
  expect(await response.text()).toBe(readFileSync(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'), 'utf8'));
});

test('a server without the component says where the description is', async () => {
  const bare = await openTestGateway({ explorerFolder: '/nowhere' });
  const response = await fetch(`${bare.origin}/explorer/swagger-ui.css`);
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/openapi.json')]);
  await bare.close();
});
