import { randomUUID } from 'node:crypto';
import { createLease, housekeepingLease, type Membership, removeExpired, startHousekeeping } from './cluster/index.ts';
import { type NodeConfiguration, openFolderArchive, systemTiming, type Table } from './configuration/index.ts';
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

/** Starts to do what one node does for all: keeping the tables small. */
export function startChores({ settings, configuration, membership, runtime, log }: ChoresProps) {
  const { clusterName, nodeName, auditArchive, auditDays } = settings;
  const archive = auditArchive === '' ? undefined : openFolderArchive(auditArchive);
  const chores = [
    {
      name: 'expired items',
      everyMs: hourMs,
      async run() {
        const removed = await removeExpired(runtime, clusterName, systemTiming.nowMs());
        if (removed > 0) log.info({ removed }, 'Expired items have left the runtime table');
      },
    },
    ...(archive === undefined
      ? []
      : [
          {
            name: 'old changes',
            everyMs: hourMs,
            async run() {
              const options = { archive, nowMs: systemTiming.nowMs(), retainMs: auditDays * 24 * hourMs };
              const { compacted, revision } = await configuration.compact(options);
              if (compacted > 0) log.info({ compacted, revision }, 'Old changes have moved to the archive');
            },
          },
        ]),
  ];
  const owner = `${nodeName}#${randomUUID()}`;
  return startHousekeeping({
    lease: createLease({ table: runtime, clusterName, ...housekeepingLease, owner, timing: systemTiming }),
    timing: systemTiming,
    chores,
    isClockWrong: () => membership.isClockWrong(),
    onTrouble: (error, chore) => log.warn({ err: error, chore }, 'A chore failed; it is done again later'),
  });
}
