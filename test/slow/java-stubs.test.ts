import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callByJavaStubs, installJavaTools } from '../support/java-stubs.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { adminPassword } from '../support/test-gateway.ts';

/** Stubs that the JAX-WS tools make of every WSDL; installed for the test where Java, Maven and its registry are. */
const folder = mkdtempSync(join(tmpdir(), 'java-stubs-'));
const isInstalled = installJavaTools(folder);
const reason = isInstalled ? '' : ' (SKIPPED: no JDK and Maven that can install jaxws-tools)';
if (!isInstalled) process.stderr.write(`java-stubs.test.ts${reason}\n`);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster();
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

(isInstalled ? test : test.skip)(`typed Java calls every service and the token services${reason}`, async () => {
  const { origin, services } = cluster;
  const tokenPaths = ['/security/TokenManagerService', '/security/TokenLogoutService'];
  const paths = [...services.map(({ name }) => `/soap/${name}`), ...tokenPaths];
  expect(await callByJavaStubs(folder, services, { origin, paths, user: 'admin', password: adminPassword })).toEqual([
    ...services.map(({ name }) => `${name}: 1 2`),
    'fault: Tone: "Shrill" is not allowed; use Plain or Loud',
    'token of admin: Hello Ann',
    'endless token: Hello Ann',
    'open token: Hello Ann',
    'expiring open token: Hello Ann',
    expect.stringMatching(/^after logout: .*401/),
  ]);
});
