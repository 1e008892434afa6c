import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createLease, type Membership, startHousekeeping } from './cluster/index.ts';
import { type Configuration, type ConfigurationSnapshot, systemTiming, type Table } from './configuration/index.ts';
import { SpectrumError } from './foundation/errors.ts';
import type { Log } from './foundation/log.ts';
import type { NotificationService, ProcessFlowService, ScheduleService } from './http/index.ts';
import { type Jobs, type StatementTask, startStatement } from './jobs/index.ts';
import { describeFlowEnd, describeFlowStart, Mailer, type Outbox } from './notifications/index.ts';
import {
  createProgramStarter,
  FlowRunner,
  FlowRunStore,
  ProcessFlows,
  type Program,
  type Statement,
} from './process-flows/index.ts';
import { ControlFiles, type FlowStarters, Scheduler, ScheduleStore, Schedules } from './schedules/index.ts';
import { openSecrets } from './secrets/index.ts';
import type { NodeSettings } from './settings.ts';
import { cachePath } from './stages/index.ts';

export interface NodeFlowsProps {
  readonly settings: NodeSettings;
  readonly membership: Membership;
  /** The runtime table. */
  readonly runtime: Table;
  readonly configuration: Configuration;
  /** Folder of the bundled programs. */
  readonly programFolder: string;
  readonly jobs: Jobs;
  readonly outbox: Outbox;
  catchUp(): Promise<void>;
  readonly log: Log;
}

/** What starts jobs on this node besides those who ask for them. */
export interface NodeFlows {
  readonly schedules: ScheduleService;
  readonly processFlows: ProcessFlowService;
  readonly notifications: NotificationService;
  start(): void;
  /** Leaves it to the other nodes. */
  leave(): Promise<void>;
}

/** After the death of the node that fires, another one does after about this time. */
const leaseMs = 15_000;
const mailMs = 10_000;

export function createNodeFlows({
  settings,
  membership,
  runtime,
  configuration,
  programFolder,
  jobs,
  outbox,
  catchUp,
  log,
}: NodeFlowsProps): NodeFlows {
  const { clusterName, nodeName, jobFiles, region } = settings;
  const timing = systemTiming;
  const owner = `${nodeName}#${process.pid}`;
  const store = new ScheduleStore({ table: runtime, clusterName, nowMs: timing.nowMs });
  const snapshot = () => configuration.snapshot();
  const flowStore = new FlowRunStore({
    table: runtime,
    clusterName,
    nowMs: timing.nowMs,
    started: (run) => outbox.tell(describeFlowStart(run)),
    ended: (run) => outbox.tell(describeFlowEnd(run)),
  });
  const processFlows = new ProcessFlows({ store: flowStore, snapshot, catchUp, nowMs: timing.nowMs });
  const flows = createStarters(jobs, processFlows);
  const runner = new FlowRunner({
    store: flowStore,
    jobs: {
      submit: (request, by, key) => jobs.submit(request, by, key),
      get: (id) => jobs.get(id),
      cancel: async (id) => void (await jobs.command(id, 'cancel')),
    },
    work: {
      startProgram: createProgramStarter(settings.programs, resolve(jobFiles)),
      startStatement: async (statement) => startNodeStatement(statement, { settings, programFolder, snapshot }),
      clearCache: (name) => rm(join(resolve(jobFiles), cachePath(name)), { force: true }),
    },
    createLease: (name) => createLease({ table: runtime, clusterName, name, owner, durationMs: leaseMs, timing }),
    mayOwn: () => !membership.isClockWrong(),
    owner,
    leaseMs,
    timing,
    log,
  });
  const scheduler = new Scheduler({
    store,
    flows,
    controlFiles: new ControlFiles(resolve(jobFiles)),
    lease: createLease({ table: runtime, clusterName, name: 'schedules', owner, durationMs: leaseMs, timing }),
    leaseMs,
    snapshot,
    catchUp,
    mayFire: () => !membership.isClockWrong(),
    region,
    owner,
    timing,
    log,
  });
  const mailing = { name: 'mail', durationMs: 60_000 } as const;
  const openMailer = () => {
    const secrets = openSecrets({ folder: settings.secrets || undefined });
    const resolveSecret = (reference: string) => secrets.resolve(reference);
    return { secrets, mailer: new Mailer({ outbox, snapshot, resolveSecret, clusterName, log }) };
  };
  const startMailing = () => {
    const { secrets, mailer } = openMailer();
    const chores = startHousekeeping({
      lease: createLease({ table: runtime, clusterName, ...mailing, owner, timing }),
      timing,
      chores: [{ name: 'mail', everyMs: mailMs, run: () => mailer.sendWaiting() }],
      isClockWrong: () => false,
      onTrouble: (error) => log.warn({ err: error }, 'Notifications could not be sent; they are tried again'),
    });
    return {
      async close() {
        await chores.close();
        secrets.close();
      },
    };
  };
  let mail: { close(): Promise<void> } | undefined;
  return {
    schedules: new Schedules({ store, flows, snapshot, catchUp, nowMs: timing.nowMs }),
    processFlows: {
      submit: (request, by, key) => processFlows.submit(request, by, key),
      list: (limit) => processFlows.list(limit),
      get: (id) => processFlows.get(id),
      cancel: (id) => processFlows.cancel(id),
      check: async (document) => processFlows.check(document),
    },
    notifications: {
      async sendTest(recipients) {
        const { secrets, mailer } = openMailer();
        return mailer.sendTest(recipients).finally(() => secrets.close());
      },
    },
    start() {
      scheduler.start();
      runner.start();
      mail ??= startMailing();
    },
    async leave() {
      await Promise.all([scheduler.close(), runner.close(), mail?.close()]);
    },
  };
}

interface StatementSurroundings {
  readonly settings: NodeSettings;
  readonly programFolder: string;
  snapshot(): ConfigurationSnapshot;
}

function startNodeStatement(
  { connection, texts, values }: Statement,
  { settings, programFolder, snapshot }: StatementSurroundings,
): Program {
  const found = snapshot().find<StatementTask['definition']>('connection', connection);
  if (found === undefined) {
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no connection ${connection}; define it`, { connection });
  }
  const { secrets, jobFiles, jobMemoryMiB } = settings;
  const place = { fileRoots: [resolve(jobFiles)], secrets: secrets && resolve(secrets) };
  const task = { connection, definition: found.value, texts, values, ...place };
  const { ended, stop } = startStatement(join(programFolder, 'job-worker.cjs'), task, jobMemoryMiB);
  return { ended: ended.then(({ error }) => (error === undefined ? { code: 0 } : { code: 1, error })), stop };
}

function createStarters(jobs: Jobs, processFlows: ProcessFlows): FlowStarters {
  return {
    dataflow: {
      async start({ flow, options, files }, by, key) {
        return (await jobs.submit({ dataflow: flow, options, files }, by, key)).id;
      },
      hasEnded: async (run) => isOver(() => jobs.get(run)),
    },
    'process-flow': {
      async start({ flow, options, files }, by, key) {
        return (await processFlows.submit({ processFlow: flow, variables: options, files }, by, key)).id;
      },
      hasEnded: async (run) => isOver(() => processFlows.get(run)),
    },
  };
}

/** A run of which nothing is known any more is over. */
async function isOver(find: () => Promise<{ readonly endedAt?: string }>): Promise<boolean> {
  try {
    return (await find()).endedAt !== undefined;
  } catch (error) {
    if (error instanceof SpectrumError && error.code === 'UNKNOWN_OBJECT') return true;
    throw error;
  }
}
