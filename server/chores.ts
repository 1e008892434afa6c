import { randomUUID } from 'node:crypto';
import packageDescription from '../package.json';
import { createLease, housekeepingLease, type Membership, removeExpired, startHousekeeping } from './cluster/index.ts';
import { type NodeConfiguration, systemTiming, type Table } from './configuration/index.ts';
import type { Log } from './foundation/log.ts';
import type { NodeSettings } from './settings.ts';

export interface ChoresProps {
  readonly settings: NodeSettings;
  readonly configuration: NodeConfiguration;
  readonly membership: Membership;
  readonly runtime: Table;
  readonly log: Log;
}

const hourMs = 3_600_000;
/** Each time reads the whole configuration table, and what it finds costs little while it lies there. */
const collectionMs = 24 * hourMs;

/** Starts to do what one node does for all: keeping the tables small. */
export function startChores(props: ChoresProps) {
  const { settings, membership, runtime, log } = props;
  const { clusterName, nodeName, auditArchive } = settings;
  const owner = `${nodeName}#${randomUUID()}`;
  return startHousekeeping({
    lease: createLease({ table: runtime, clusterName, ...housekeepingLease, owner, timing: systemTiming }),
    timing: systemTiming,
    chores: [
      { name: 'expired items', everyMs: hourMs, run: () => removeOld(props) },
      // Without an archive the log stays whole.
      ...(auditArchive === '' ? [] : [{ name: 'old changes', everyMs: hourMs, run: () => compact(props) }]),
      { name: 'unused chunks', everyMs: collectionMs, run: () => collect(props) },
    ],
    isClockWrong: () => membership.isClockWrong(),
    onTrouble: (error, chore) => log.warn({ err: error, chore }, 'A chore failed; it is done again later'),
  });
}

async function removeOld({ settings, runtime, log }: ChoresProps): Promise<void> {
  const removed = await removeExpired(runtime, settings.clusterName, systemTiming.nowMs());
  if (removed > 0) log.info({ removed }, 'Expired items have left the runtime table');
}

async function compact({ settings, configuration, log }: ChoresProps): Promise<void> {
  const { auditArchive, auditDays } = settings;
  // Read when it is needed: a starting node has no use for it.
  const { openAuditArchive } = await import('./audit-archive.ts');
  const archive = openAuditArchive(auditArchive);
  try {
    const options = { archive, nowMs: systemTiming.nowMs(), retainMs: auditDays * 24 * hourMs };
    const { compacted, revision } = await configuration.compact(options);
    if (compacted > 0) log.info({ compacted, revision }, 'Old changes have moved to the archive');
  } finally {
    archive.close();
  }
}

/** Not during an upgrade: a node of another version may take a chunk that it finds for its own. */
async function collect({ configuration, membership, log }: ChoresProps): Promise<void> {
  const nodes = await membership.list();
  if (nodes.some(({ version }) => version !== packageDescription.version)) return;
  const { snapshots, chunks } = await configuration.collect();
  if (snapshots + chunks > 0) log.info({ snapshots, chunks }, 'Old snapshots and unused chunks have left the table');
}
