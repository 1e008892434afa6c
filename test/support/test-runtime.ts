import { createMembership } from '../../server/cluster/index.ts';
import { systemTiming, type Table } from '../../server/configuration/index.ts';
import { MemoryTable } from './table-memory.ts';

/** The runtime table of one node that has not joined; give several nodes one table to let them share it. */
export function openTestRuntime(nodeName: string, runtime: Table = new MemoryTable()) {
  const onTrouble = (error: unknown) => process.stderr.write(`${error}\n`);
  return {
    runtime,
    membership: createMembership({ table: runtime, clusterName: 'test', nodeName, timing: systemTiming, onTrouble }),
  };
}
