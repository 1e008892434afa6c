import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

/** Every URL that a page or a description advertises, as a proxy in front says that the client reached it. */
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openTestGateway();
});
afterAll(() => gateway.close());

const origin = 'https://spectrum.example:8443';

test.each([
  ['/', `curl -u admin &quot;${origin}/rest/`],
  ['/rest', `>${origin}/rest/GreetPerson?_wadl<`],
  ['/soap', `>${origin}/soap/GreetPerson?wsdl<`],
  ['/rest/GreetPerson?_wadl', `<resources base="${origin}/rest/GreetPerson">`],
  ['/soap/GreetPerson?wsdl', `location="${origin}/soap/GreetPerson"`],
  ['/security/rest?_wadl', `<resources base="${origin}/security/rest">`],
  ['/security/TokenManagerService?wsdl', `location="${origin}/security/TokenManagerService"`],
  ['/security/TokenLogoutService?wsdl', `location="${origin}/security/TokenLogoutService"`],
  ['/openapi.json', `"url": "${origin}"`],
])('%s advertises what was forwarded', async (path, piece) => {
  const headers = { 'x-forwarded-host': 'spectrum.example:8443', 'x-forwarded-proto': 'https' };
  const text = await (await fetch(gateway.origin + path, { headers })).text();
  expect(text).toContain(piece);
  expect(text).not.toContain(gateway.origin);
});
