import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Configuration, ConfigurationSnapshot } from './configuration/index.ts';
import type { FileAccess, ServiceRows } from './dataflow/index.ts';
import { readDataflowFile, writeDataflowFile } from './dataflow-format/index.ts';
import { ExposedDataflows, type StageLoan } from './dataflow-services/index.ts';
import { systemClock } from './foundation/clock.ts';
import { SpectrumError } from './foundation/errors.ts';
import type { Log } from './foundation/log.ts';
import type { DatabaseLease, ExposedServices, ServiceBatches } from './http/index.ts';
import { createServiceAccess, RemoteServices } from './jobs/index.ts';
import { openSecrets } from './secrets/index.ts';
import { serviceRegistry } from './services/index.ts';
import type { NodeSettings } from './settings.ts';
import { stageTypes } from './stages/index.ts';

export interface NodeServicesProps {
  readonly settings: Pick<NodeSettings, 'secrets' | 'nodeName'>;
  readonly configuration: Pick<Configuration, 'snapshot'>;
  leaseDatabases(module: string): DatabaseLease;
  /** Services that nodes of other groups run. */
  readonly batches: Pick<ServiceBatches, 'elsewhere' | 'call'>;
  readonly log: Log;
}

/** The services made of dataflows, on this node. */
export function createNodeServices({
  settings,
  configuration,
  leaseDatabases,
  batches,
  log,
}: NodeServicesProps): ExposedServices {
  const secrets = openSecrets({ folder: settings.secrets ? resolve(settings.secrets) : undefined });
  const snapshot = () => configuration.snapshot();
  const dataflows = new ExposedDataflows({
    stageTypes,
    snapshot,
    spillFolder: tmpdir(),
    log,
    lend(): StageLoan {
      const leases = new Map<string, DatabaseLease>();
      const databases = (module: string) => {
        const lease = leases.get(module) ?? leaseDatabases(module);
        leases.set(module, lease);
        return lease;
      };
      const seen = snapshot();
      const savedOptions = (service: string) => readSavedOptions(seen, service);
      const services = new RemoteServices({
        local: createServiceAccess({ services: serviceRegistry, savedOptions, databases }),
        elsewhere: new Set(batches.elsewhere()),
        savedOptions,
        // Whoever waits for an answer is told at once that a group is away.
        call: async (request) => JSON.parse(await batches.call(request, 0)) as ServiceRows,
      });
      return {
        resources: { files: noFiles, services, secrets },
        release: () => {
          for (const lease of leases.values()) lease.release();
        },
      };
    },
  });
  const known = {
    all: new Set(stageTypes.keys()),
    services: new Set(serviceRegistry.map(({ name }) => name)),
  };
  return {
    find: (name) => dataflows.find(name),
    list: () => dataflows.list(),
    check: (name, document, flows) => dataflows.check(name, document, flows),
    create: (name, document) => dataflows.create(name, document),
    stages: () => dataflows.stages(),
    readFile: (text) => readDataflowFile(text, known),
    writeFile: (name, document, user) =>
      writeDataflowFile(name, document, { user, host: settings.nodeName, at: new Date(systemClock.nowMs()) }, known),
  };
}

interface SavedDefaults {
  readonly options: Readonly<Record<string, string>>;
  readonly databaseResources?: Readonly<Record<string, string>>;
}

function readSavedOptions(snapshot: ConfigurationSnapshot, service: string): Readonly<Record<string, string>> {
  const saved = snapshot.find<SavedDefaults>('service-default', service)?.value;
  return { ...saved?.databaseResources, ...saved?.options };
}

/** A service answers its caller; files are for jobs. */
const noFiles: FileAccess = {
  list: refuseFiles,
  read: refuseFiles,
  sizeBytes: refuseFiles,
  create: refuseFiles,
};

function refuseFiles(path: string): never {
  throw new SpectrumError('INVALID_REQUEST', `file: ${path} cannot be used by a service; files are for jobs`, {
    file: path,
  });
}
