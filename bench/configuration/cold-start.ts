import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { writeCodeCache } from '../../scripts/code-cache.js';
import { canonicalJson } from '../../server/configuration/canonical.ts';
import { type ChangeRecord, encodeChange } from '../../server/configuration/change.ts';
import { openDynamoTable } from '../../server/configuration/dynamodb.ts';
import { Fold } from '../../server/configuration/fold.ts';
import { changeSort, logPartition } from '../../server/configuration/keys.ts';
import { ensureConfigurationTables } from '../../server/configuration/open.ts';
import { writeSnapshot } from '../../server/configuration/snapshots.ts';
import { bundle, type TableProcess } from './table-process.ts';

export interface ColdStart {
  readonly openMs: number;
  readonly processMs: number;
  /** Processor time of the same, which other work on the machine does not lengthen. */
  readonly cpuMs: number;
  readonly objects: number;
  readonly revision: number;
  readonly copyMiB: number;
}

const clusterName = 'bench';
const objects = 10_000;
const changes = 100_000;
/** The last change is as far from the snapshot as it ever gets. */
const snapshotAt = changes - 999;
const batchItems = 25;
const batchesAtATime = 8;

/** Fills a log of 100,000 changes over 10,000 objects, then starts processes on it. */
export async function measureColdStart(tables: TableProcess, runs: number): Promise<ColdStart[]> {
  const table = tables.settings('cold-start');
  await ensureConfigurationTables(table);
  await fill(String(table.endpoint), table.tableName);
  const start = await prepareProgram(tables.folder, [table.tableName, String(table.endpoint)]);
  const results: ColdStart[] = [];
  for (let run = 0; run < runs; run++) results.push(JSON.parse(await start()));
  return results;
}

/** The program as a node is shipped: with its bytecode beside it, and server/boot.ts to start it from there. */
async function prepareProgram(folder: string, words: readonly string[]): Promise<() => Promise<string>> {
  const boot = join(folder, 'node.cjs');
  await bundle('server/boot.ts', boot);
  await bundle('bench/configuration/cold-start-node.ts', join(folder, 'node-program.cjs'));
  const start = async (variables: NodeJS.ProcessEnv = {}) => {
    const env = { ...process.env, ...variables };
    return (await promisify(execFile)(process.execPath, ['--expose-gc', boot, ...words], { env })).stdout;
  };
  await writeCodeCache(folder, (target) => start({ SPECTRUM_CODE_CACHE_TARGET: target }));
  return start;
}

async function fill(endpoint: string, tableName: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  let fold = Fold.empty(1);
  const table = openDynamoTable({ tableName, endpoint, callTimeoutMs: 30_000 });
  const log = { table, authority: () => table, clusterName, epoch: 1 };
  for (let revision = 1; revision <= changes; revision += batchItems * batchesAtATime) {
    const batch = Array.from({ length: batchItems * batchesAtATime }, (_, index) => changeAt(revision + index));
    await Promise.all(
      Array.from({ length: batchesAtATime }, (_, index) =>
        client.send(batchCommand(tableName, batch.slice(index * batchItems, (index + 1) * batchItems))),
      ),
    );
    const before = batch.filter((change) => change.revision <= snapshotAt);
    fold = fold.apply(before);
    if (fold.revision === snapshotAt && before.length > 0) await writeSnapshot(log, fold);
  }
  table.close();
  client.destroy();
}

function batchCommand(tableName: string, batch: readonly ChangeRecord[]): BatchWriteItemCommand {
  const text = (value: unknown) => ({ S: String(value) });
  const requests = batch.map((change) => {
    const attributes = Object.entries(encodeChange(change)).map(([name, value]) => [name, text(value)]);
    const keys = { pk: text(logPartition(clusterName, 1)), sk: text(changeSort(change.revision)) };
    return { PutRequest: { Item: { ...keys, ...Object.fromEntries(attributes) } } };
  });
  return new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } });
}

function changeAt(revision: number): ChangeRecord {
  const number = revision % objects;
  const settings = { host: `db${number}.example.com`, port: '5432', database: `sales_${number}`, user: 'spectrum' };
  return {
    revision,
    id: `change-${revision}`,
    operation: 'put',
    kind: 'connection',
    name: `connection ${number}`,
    value: canonicalJson({ type: 'jdbc', settings, secret: `secret:connection-${number}` }),
    by: 'bench',
    at: '2026-01-01T00:00:00.000Z',
  };
}
