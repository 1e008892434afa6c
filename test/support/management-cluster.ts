import { buildApp } from '../../server/app.ts';
import {
  bootstrapConfiguration,
  ensureConfigurationTables,
  openConfiguration,
} from '../../server/configuration/index.ts';
import { systemClock } from '../../server/foundation/clock.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { readSettings } from '../../server/settings.ts';
import { cheapHash } from './cheap-hash.ts';
import { MemoryTable } from './table-memory.ts';
import { startTestTables, type TestTables } from './table-server.ts';
import { basic } from './test-gateway.ts';
import { openTestRuntime } from './test-runtime.ts';

const password = 'secret words!';
const admin = basic('admin', password);

interface Sent {
  readonly path: string;
  readonly method?: string;
  /** Index of the node; the first when absent. */
  readonly node?: number;
  readonly body?: unknown;
  /** Instead of a body as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The administrator's when absent, none when empty. */
  readonly authorization?: string;
}

/** Whole nodes over a real DynamoDB-compatible server, spoken to over HTTP. */
export async function openManagedCluster(size: number) {
  const tables = await startTestTables();
  const runtime = new MemoryTable();
  const nodes: Node[] = [];
  for (let index = 0; index < size; index++) nodes.push(await openNode(tables, runtime, `node-${index + 1}`));
  return {
    authorization: admin,
    table: { tableName: 'spectrum', endpoint: tables.endpoint },
    origins: nodes.map(({ origin }) => origin),
    configurations: nodes.map(({ configuration }) => configuration),
    send: (sent: Sent) => send(String(nodes[sent.node ?? 0]?.origin), sent),
    async close() {
      for (const node of nodes) await node.close();
      await tables.close();
    },
  };
}

type Node = Awaited<ReturnType<typeof openNode>>;

async function openNode(tables: TestTables, runtime: MemoryTable, nodeName: string) {
  const table = { tableName: 'spectrum', endpoint: tables.endpoint };
  await ensureConfigurationTables(table);
  const configuration = await openConfiguration({ table, clusterName: 'test' });
  await bootstrapConfiguration(configuration, { hashPassword: cheapHash, adminPassword: password });
  const settings = { ...readSettings({}), nodeName, referenceData: '/nowhere' };
  const runtimeOfNode = openTestRuntime(nodeName, runtime);
  const app = buildApp({ settings, configuration, ...runtimeOfNode, clock: systemClock, log: silentLog });
  await app.start();
  const origin = await app.gateway.listen({ host: '127.0.0.1', port: 0 });
  runtimeOfNode.membership.join(() => ({
    name: nodeName,
    address: new URL(origin).host,
    version: '1.0.0',
    group: '',
    revision: `${configuration.snapshot().epoch}.${configuration.snapshot().revision}`,
    format: 1,
    load: 0,
  }));
  return {
    origin,
    configuration,
    async close() {
      await runtimeOfNode.membership.leave();
      await app.close();
      await configuration.close();
    },
  };
}

async function send(origin: string, { path, method = 'GET', body, text, headers = {}, authorization = admin }: Sent) {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(origin + path, {
    method,
    headers: {
      ...(authorization === '' ? {} : { authorization }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const answer = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && !/ndjson/.test(String(headers.accept));
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    revision: response.headers.get('spectrum-revision') ?? '',
    headers: response.headers,
    text: answer,
    // Tests look into answers of every shape.
    body: isJson && answer !== '' ? (JSON.parse(answer) as Answer) : ({} as Answer),
  };
}

interface Answer {
  readonly [field: string]: never;
}
