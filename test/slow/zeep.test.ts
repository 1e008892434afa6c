import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demonstrationValues } from '../support/demonstration-places.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { adminPassword } from '../support/test-gateway.ts';

/** Python's zeep, as the vendor's own client uses it; installed for the test where Python and its registry are. */
const folder = mkdtempSync(join(tmpdir(), 'zeep-'));
const isInstalled = installZeep();
const testWithZeep = isInstalled ? test : test.skip;
const reason = isInstalled ? '' : ' (SKIPPED: no python3 with pip that can install zeep)';
if (!isInstalled) process.stderr.write(`zeep.test.ts${reason}\n`);

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await openTestCluster();
});
afterAll(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Result {
  /** Elements that stand alone in their parent are left out by zeep, so that only the rows remain. */
  readonly answer?: readonly { readonly user_fields: { readonly user_field: readonly { readonly value: string }[] } }[];
  readonly fault?: string;
  readonly message?: string;
  readonly detail?: string;
}

testWithZeep(`calls every service by its WSDL${reason}`, async () => {
  const results = await callAll(
    cluster.services.map(({ name, input }) => {
      const row = Object.fromEntries(input.fields.map((field) => [field.name, demonstrationValues[field.name] ?? '']));
      const rows = ['1', '2'].map((id) => ({ ...row, user_fields: { user_field: [{ name: 'id', value: id }] } }));
      return { service: name, arguments: { [input.port]: { [input.row]: rows } } };
    }),
  );
  for (const [index, { name }] of cluster.services.entries()) {
    const rows = results[index]?.answer ?? [];
    expect([name, [...new Set(rows.map(({ user_fields }) => user_fields.user_field[0]?.value))]]).toEqual([
      name,
      ['1', '2'],
    ]);
  }
});

testWithZeep(`reads faults${reason}`, async () => {
  const [result] = await callAll([{ service: 'GreetPerson', arguments: { options: { Tone: 'Shrill' } } }]);
  expect(result).toEqual({
    fault: 'soap:Client',
    message: 'Tone: "Shrill" is not allowed; use Plain or Loud',
    detail: '{http://www.pb.com/spectrum/services/}ServiceInvocationFault',
  });
});

testWithZeep(`gets tokens${reason}`, async () => {
  const results = await callAll([
    { service: 'TokenManagerService', operation: 'getAccessExpiringToken', arguments: { tokenLifeInMinutes: 5 } },
    { service: 'TokenManagerService', operation: 'getAccessRemoteHostToken', arguments: {} },
  ]);
  const session = expect.stringMatching(/^[\da-f-]{36}$/);
  expect(results).toMatchObject([
    { answer: { username: 'admin', session } },
    { answer: { username: 'admin', session: null } },
  ]);
});

interface ZeepCall {
  readonly service: string;
  /** The one of the service's own name when missing. */
  readonly operation?: string;
  readonly arguments: unknown;
}

async function callAll(calls: readonly ZeepCall[]): Promise<readonly Result[]> {
  const command = {
    user: 'admin',
    password: adminPassword,
    calls: calls.map(({ service, operation, arguments: values }) => ({
      wsdl: `${cluster.origin}/${operation === undefined ? 'soap' : 'security'}/${service}?wsdl`,
      operation: operation ?? service,
      arguments: values,
    })),
  };
  const script = join(__dirname, '../support/zeep-client.py');
  // Not synchronous: the cluster that answers lives in this process.
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      'python3',
      [script],
      { env: { ...process.env, PYTHONPATH: folder } },
      (error, stdout, stderr) => (error === null ? resolve(stdout) : reject(new Error(stderr))),
    );
    child.stdin?.end(JSON.stringify(command));
  });
  return JSON.parse(output) as Result[];
}

/** Into a folder of its own: half the time of a virtual environment. */
function installZeep(): boolean {
  const options = { stdio: 'pipe', timeout: 120_000 } as const;
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-compile'];
  try {
    execFileSync('python3', ['-m', 'pip', 'install', ...quietly, '--target', folder, 'zeep==4.3.3'], options);
    return true;
  } catch {
    return false;
  }
}
