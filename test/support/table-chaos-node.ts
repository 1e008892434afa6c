import { appendFileSync } from 'node:fs';
import { createLease } from '../../server/cluster/leases.ts';
import { openFolderArchive } from '../../server/configuration/archive.ts';
import { collectGarbage } from '../../server/configuration/collection.ts';
import { compactLog } from '../../server/configuration/compaction.ts';
import { openDynamoTable } from '../../server/configuration/dynamodb.ts';
import type { ConfigurationDatabase, ConfigurationWrite } from '../../server/configuration/model.ts';
import { openConfigurationOn } from '../../server/configuration/open.ts';
import { systemTiming } from '../../server/configuration/timing.ts';
import type { JournalEntry, Sent } from './table-journal.ts';

/** A node of the chaos run: a process that is killed and paused at any moment, and notes what it saw before that. */
export interface ChaosNodeSettings {
  readonly name: string;
  readonly life: number;
  readonly endpoint: string;
  readonly region: string;
  readonly writers: number;
  readonly journal: string;
  readonly archive: string;
}

const clusterName = 'chaos';
const names = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
const settings = JSON.parse(process.env.CHAOS_NODE ?? '{}') as ChaosNodeSettings;
const { name, life, endpoint, region } = settings;
let isWriting = true;
let sequence = 0;

void main();

async function main(): Promise<void> {
  process.once('disconnect', () => process.exit(0));
  note({ what: 'start', node: name, atMs: Date.now() });
  const table = openDynamoTable({ tableName: 'configuration', endpoint, callTimeoutMs: 1_000 });
  const configuration = await openConfigurationOn(table, {
    clusterName,
    region,
    tableOfRegion: () => table,
    snapshotInterval: 40,
    writeDeadlineMs: 2_500,
    startTimeoutMs: 120_000,
  });
  const see = (isStart: boolean) => {
    const { epoch, revision } = configuration.snapshot();
    note({ what: 'seen', node: name, atMs: Date.now(), epoch, revision, isStart });
  };
  configuration.onChange(() => see(false));
  see(true);
  process.on('message', (message) => void obey(configuration, String(message)));
  process.send?.('ready');
  for (let writer = 0; writer < settings.writers; writer++) void write(configuration);
  if (settings.writers > 0) void keepCompacting(configuration);
}

async function obey(configuration: ConfigurationDatabase, message: string): Promise<void> {
  const [word, home = ''] = message.split(' ');
  if (word === 'move') await configuration.moveHome(home, 'op', 'drill').catch(() => undefined);
  if (word === 'rest') isWriting = false;
  if (word !== 'final') return;
  const { epoch, revision, digest } = configuration.status();
  const settled = configuration.snapshot().list('setting');
  const content = Object.fromEntries(
    settled.map((object) => [object.name, [object.revision, JSON.stringify(object.value)] as const]),
  );
  note({ what: 'final', node: name, epoch, revision, digest, content });
  process.send?.('told');
}

async function write(configuration: ConfigurationDatabase): Promise<void> {
  while (isWriting) {
    await pause(Math.random() * 150);
    const change = nextChange(configuration);
    const sent = { node: name, id: String(change.idempotencyKey), name: change.name, expected: change.expected };
    for (let tries = 0; tries < 3; tries++) if (await isSettled(configuration, change, sent, tries)) break;
  }
}

async function isSettled(configuration: ConfigurationDatabase, change: ConfigurationWrite, sent: Sent, tries: number) {
  try {
    const { epoch, revision } = await configuration.commit(change);
    note({ what: 'acknowledged', atMs: Date.now(), epoch, revision, ...sent });
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'OUTCOME_UNKNOWN') note({ what: 'unknown', ...sent });
    else if (tries === 0 || code === 'REVISION_CONFLICT') note({ what: 'refused', code, ...sent });
    return code !== 'OUTCOME_UNKNOWN';
  }
}

function nextChange(configuration: ConfigurationDatabase): ConfigurationWrite {
  const chosen = names[Math.floor(Math.random() * names.length)] ?? 'c0';
  const current = configuration.snapshot().find<{ value: { count: number } }>('setting', chosen);
  const operation = current && Math.random() < 0.1 ? 'delete' : 'put';
  const filler = Math.random() < 0.1 ? 'x'.repeat(6_000) : '';
  const value = { value: { count: (current?.value.value.count ?? 0) + 1, filler } };
  const idempotencyKey = `${name}-${life}-${++sequence}`;
  const expected = current?.revision ?? 'absent';
  const change = { kind: 'setting', name: chosen, operation, by: name, expected, idempotencyKey } as const;
  return operation === 'put' ? { ...change, value } : change;
}

async function keepCompacting(configuration: ConfigurationDatabase): Promise<void> {
  const runtime = openDynamoTable({ tableName: 'runtime', endpoint, callTimeoutMs: 1_000 });
  const table = openDynamoTable({ tableName: 'configuration', endpoint, callTimeoutMs: 1_000 });
  const owner = `${name}.${life}`;
  const lease = createLease({
    table: runtime,
    clusterName,
    name: 'compaction',
    owner,
    durationMs: 3_000,
    timing: systemTiming,
  });
  while (isWriting) {
    const token = await lease.attempt();
    const { epoch } = configuration.snapshot();
    if (token !== undefined) {
      note({ what: 'lease', node: name, owner, token });
      const log = { table, authority: () => table, clusterName, epoch };
      const archive = openFolderArchive(settings.archive);
      await compactLog(log, { archive, nowMs: Date.now(), retainMs: 0 }).catch(() => undefined);
      await collectGarbage(log).catch(() => undefined);
    }
    await pause(700);
  }
}

/** On the disk before anything else happens: the process may be gone in the next moment. */
function note(entry: JournalEntry): void {
  appendFileSync(settings.journal, `${JSON.stringify(entry)}\n`);
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
