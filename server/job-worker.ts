import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabases as openConnectedDatabases, openFileServers, openPrograms } from './connections/index.ts';
import { SpectrumError } from './foundation/errors.ts';
import {
  CallingThread,
  createCallAnswerer,
  createServiceAccess,
  RemoteServices,
  type ServiceCall,
  type ServiceThread,
  ServiceThreads,
  type StatementReply,
  type StatementTask,
  startServiceThread,
  Work,
  type WorkerCommand,
  type WorkerMessage,
  type WorkerTask,
} from './jobs/index.ts';
import { type AddressDatabase, openAddressDatabase } from './reference-data/index.ts';
import { openSecrets } from './secrets/index.ts';
import { type ServiceContext, serviceRegistry } from './services/index.ts';
import { stageTypes } from './stages/index.ts';

/** A run, services for the stages of one, or a statement of a process flow. */
type ThreadData = WorkerTask | { readonly servicesOf: WorkerTask } | { readonly statement: StatementTask };

const data = workerData as ThreadData;
if ('servicesOf' in data) void serve(data.servicesOf);
else if ('statement' in data) void executeStatement(data.statement);
else void main(data);

/** The thread of one run: opens the databases that the run was submitted with, works, and closes them. */
async function main(task: WorkerTask): Promise<void> {
  const databases = await openDatabases(task);
  const threads = new ServiceThreads(openServices(task, databases), () =>
    startServiceThread(__filename, { servicesOf: task }, task.memoryMiB),
  );
  const node = new CallingThread(openNode());
  const services = new RemoteServices({
    local: threads,
    elsewhere: new Set(task.servicesElsewhere),
    savedOptions: (service) => task.order.savedOptions[service] ?? {},
    call: (request) => node.call(request),
  });
  const secrets = openSecrets({ folder: task.secrets || undefined });
  const { id: run, connections = {}, fileServers: servers = {} } = task.order;
  const connected = openConnectedDatabases({ run, connections, secrets, fileRoots: task.fileRoots });
  const fileServers = openFileServers({ servers, secrets, owner: { run, epoch: task.epoch } });
  const programs = openPrograms({ allowed: task.programs ?? {}, folder: task.fileRoots[0] ?? '.' });
  const work = new Work({
    task,
    stageTypes,
    services,
    secrets,
    outside: { databases: connected, fileServers, programs },
    send: (message) => parentPort?.postMessage(message),
  });
  parentPort?.on('message', (command: WorkerCommand) => work.receive(command));
  await work.run();
  await threads.close();
  await connected.close();
  secrets.close();
  for (const database of databases.values()) await database.close();
  parentPort?.close();
}

/** The node that started this thread, for services that other nodes run. */
function openNode(): ServiceThread {
  return {
    send: (call) => parentPort?.postMessage({ kind: 'service', call } satisfies WorkerMessage),
    onReply(receive) {
      parentPort?.on('message', (command: WorkerCommand) => {
        if (command.kind === 'service') receive(command.reply);
      });
    },
    // A thread does not outlive its node.
    onEnd: () => undefined,
    stop: async () => undefined,
  };
}

/** A thread beside it, one of several that answer for a service stage with runtime instances; it ends with the run. */
async function serve(task: WorkerTask): Promise<void> {
  const answer = createCallAnswerer(openServices(task, await openDatabases(task)));
  parentPort?.on('message', async (call: ServiceCall) => parentPort?.postMessage(await answer(call)));
}

/** The thread of one statement: answers with undefined when it is done, or with why it is not. */
async function executeStatement({ connection, definition, texts, values, fileRoots, secrets: folder }: StatementTask) {
  const secrets = openSecrets({ folder: folder || undefined });
  const connections = { [connection]: definition };
  const databases = openConnectedDatabases({ run: '', connections, secrets, fileRoots });
  try {
    const session = await databases.open(connection);
    const types = values.map(() => 'string' as const);
    await session.execute({ texts, types }, values).finally(() => session.close());
    parentPort?.postMessage({} satisfies StatementReply);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    parentPort?.postMessage({ error: reason } satisfies StatementReply);
  } finally {
    await databases.close();
    secrets.close();
    parentPort?.close();
  }
}

function openServices(task: WorkerTask, databases: ReadonlyMap<string, AddressDatabase>) {
  const { savedOptions } = task.order;
  return createServiceAccess({
    services: serviceRegistry,
    savedOptions: (service) => savedOptions[service] ?? {},
    databases: (module) => contextOf(module, task, databases),
  });
}

/**
 * A batch of customers in no order asks for a thousand blocks at once, and the thread that waits for them also works: a
 * job waits where a request would be refused.
 */
const patientReads = { cacheBytes: 134_217_728, timeoutMs: 60_000, waitingReads: 100_000 } as const;

/** One that does not open fails the run only when a stage asks for it. */
async function openDatabases({ order, referenceData }: WorkerTask): Promise<ReadonlyMap<string, AddressDatabase>> {
  const opened = new Map<string, AddressDatabase>();
  for (const [resource, folder] of Object.entries(order.databases)) {
    const database = await openAddressDatabase(join(referenceData, folder), patientReads).catch(() => undefined);
    if (database !== undefined) opened.set(resource, database);
  }
  return opened;
}

function contextOf(
  module: string,
  { order }: WorkerTask,
  databases: ReadonlyMap<string, AddressDatabase>,
): ServiceContext {
  const { defaultDatabases } = order;
  return {
    database(resourceName, option) {
      const name = resourceName || defaultDatabases[module] || defaultDatabases[''] || '';
      const database = databases.get(name);
      if (database !== undefined) return database;
      const what =
        name === '' ? 'no database resource is defined' : `the database resource ${name} is not open on this node`;
      throw new SpectrumError('DATABASE_UNAVAILABLE', `${option}: ${what}`, { option, resource: name });
    },
  };
}
