import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartedCluster, startCluster } from '../failover/local-cluster.ts';

export interface StaleReads {
  readonly pairs: number;
  readonly stale: number;
  readonly failures: readonly string[];
}

const clients = 10;

/** Clients that each write through the balancer, then read through whichever node answers. */
export async function measureReadYourWrites(pairs: number): Promise<StaleReads> {
  const dataPath = mkdtempSync(join(tmpdir(), 'bench-ryw-'));
  const cluster = await startCluster(dataPath);
  try {
    const results = await Promise.all(
      Array.from({ length: clients }, (_, index) => runClient(cluster, index, Math.ceil(pairs / clients))),
    );
    return {
      pairs: results.reduce((sum, result) => sum + result.pairs, 0),
      stale: results.reduce((sum, result) => sum + result.stale, 0),
      failures: results.flatMap((result) => result.failures),
    };
  } finally {
    cluster.starter.kill('SIGTERM');
    await cluster.ended;
    rmSync(dataPath, { recursive: true, force: true });
  }
}

async function runClient(cluster: StartedCluster, index: number, pairs: number): Promise<StaleReads> {
  const url = `${cluster.url}/api/v1/users/client${index}`;
  const headers = {
    authorization: `Basic ${Buffer.from(`admin:${cluster.password}`).toString('base64')}`,
    'content-type': 'application/json',
  };
  const failures: string[] = [];
  let stale = 0;
  const created = await writeUntilTaken(`${cluster.url}/api/v1/users`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ name: `client${index}`, password: `Password-${index}!`, description: '', roles: [] }),
  });
  if (created.status !== 201) throw new Error(`POST /api/v1/users: ${created.status} ${await created.text()}`);
  let etag = String(created.headers.get('etag'));
  let done = 0;
  for (; done < pairs; done++) {
    const description = `written ${done}`;
    const body = JSON.stringify({ description, roles: [] });
    const written = await writeUntilTaken(url, { method: 'PUT', headers: { ...headers, 'if-match': etag }, body });
    const revision = String(written.headers.get('spectrum-revision'));
    if (written.status !== 200) {
      failures.push(`PUT: ${written.status} ${await written.text()}`);
      break;
    }
    await written.text();
    const read = await fetch(url, { headers: { ...headers, 'spectrum-revision': revision } });
    const seen = (await read.json()) as { description?: string };
    if (read.status !== 200) failures.push(`GET: ${read.status}`);
    else if (seen.description !== description) stale++;
    etag = String(read.headers.get('etag'));
  }
  return { pairs: done, stale, failures };
}

const attempts = 20;

/** Sends a write again for as long as it is answered 503, under one key, so that it is made once at most. */
async function writeUntilTaken(url: string, init: RequestInit): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), 'idempotency-key': randomUUID() };
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(url, { ...init, headers });
    if (answer.status !== 503 || attempt === attempts) return answer;
    await answer.text();
  }
}
