import { compileDataflow } from '../../server/dataflow/index.ts';
import { silentLog } from '../../server/foundation/log.ts';
import { Execution } from '../../server/jobs/execution.ts';
import { RunFiles } from '../../server/jobs/run-files.ts';
import { createServiceAccess } from '../../server/jobs/service-access.ts';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { openSecrets } from '../../server/secrets/index.ts';
import { serviceRegistry } from '../../server/services/index.ts';
import { stageTypes } from '../../server/stages/index.ts';

/** Runs a job on files of a folder, as a node does. */
export async function runJob(folder: string, document: object, database?: AddressDatabase): Promise<void> {
  const plan = compileDataflow('bench', { type: 'job', ...document }, stageTypes);
  const services = createServiceAccess({
    services: serviceRegistry,
    savedOptions: () => ({}),
    databases: () => ({
      database() {
        if (database === undefined) throw new Error('this job has no database');
        return database;
      },
    }),
  });
  const files = new RunFiles({ roots: [folder], run: 'bench', epoch: 1 });
  const secrets = openSecrets({ folder: undefined });
  const execution = await Execution.create({ plan, files, services, secrets, spillRoot: folder, log: silentLog });
  const outcome = await execution.execute();
  if (outcome.status === 'failed') throw outcome.error;
}
