import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunView } from '../contract/runs.ts';
import { createLease, type Membership } from './cluster/index.ts';
import { type Configuration, systemTiming, type Table } from './configuration/index.ts';
import { checkDataflow } from './dataflow/index.ts';
import { SpectrumError } from './foundation/errors.ts';
import { toJsonSchema } from './foundation/json-schema.ts';
import type { Log } from './foundation/log.ts';
import type { JobService, ServiceBatches } from './http/index.ts';
import { createSpillFolder, createWorkerStarter, JobRunner, Jobs, RunStore, type SpillFolder } from './jobs/index.ts';
import { createNodeFlows, type NodeFlows } from './node-flows.ts';
import { describeJobEnd, describeJobStart, Outbox } from './notifications/index.ts';
import type { NodeSettings } from './settings.ts';
import { stageTypes } from './stages/index.ts';

export interface NodeJobsProps {
  readonly settings: NodeSettings;
  readonly membership: Membership;
  /** The runtime table. */
  readonly runtime: Table;
  /** Folder of the bundled programs. */
  readonly programFolder: string;
  readonly configuration: Configuration;
  /** Services that nodes of other groups run. */
  readonly batches: Pick<ServiceBatches, 'elsewhere' | 'call'>;
  readonly log: Log;
}

/** The jobs of this node: the interface to all runs of the cluster, and the runner of those that it owns. */
export interface NodeJobs extends JobService {
  start(): Promise<void>;
  /** Gives runs to other nodes and takes no more. */
  leave(): Promise<void>;
  readonly schedules: NodeFlows['schedules'];
  readonly processFlows: NodeFlows['processFlows'];
  readonly notifications: NodeFlows['notifications'];
}

/** An owner that is gone is replaced after about this time. */
const leaseMs = 12_000;
const catchUpMs = 2_000;
/** A checkpoint costs a flush of every file and one write to the table: one a few seconds loses little work. */
const checkpoints = { checkpointRows: 1_000, checkpointMs: 3_000 } as const;

export function createNodeJobs({
  settings,
  membership,
  runtime,
  programFolder,
  configuration,
  batches,
  log,
}: NodeJobsProps): NodeJobs {
  const { clusterName, nodeName, referenceData, jobFiles, secrets, programs, jobRuns, jobMemoryMiB } = settings;
  const nowMs = () => systemTiming.nowMs();
  const outbox = new Outbox({ table: runtime, clusterName, nowMs, snapshot: () => configuration.snapshot() });
  const started = (run: RunView) => outbox.tell(describeJobStart(run));
  const ended = (run: RunView) => outbox.tell(describeJobEnd(run));
  const store = new RunStore({ table: runtime, clusterName, nowMs, started, ended });
  const jobs = new Jobs({
    store,
    stageTypes,
    snapshot: () => configuration.snapshot(),
    catchUp: () => catchUp(configuration),
    nowMs,
  });
  const owner = `${nodeName}#${process.pid}`;
  const startRunner = (spill: SpillFolder) => {
    const files = resolve(jobFiles);
    mkdirSync(files, { recursive: true });
    const runner = new JobRunner({
      store,
      createLease: (name) =>
        createLease({ table: runtime, clusterName, name, owner, durationMs: leaseMs, timing: systemTiming }),
      mayOwn: () => !membership.isClockWrong(),
      owner,
      startWork: createWorkerStarter(join(programFolder, 'job-worker.cjs'), jobMemoryMiB, batches),
      settings: {
        referenceData: resolve(referenceData),
        fileRoots: [files],
        secrets: secrets && resolve(secrets),
        programs,
        spillRoot: spill.path,
        memoryMiB: jobMemoryMiB,
        ...checkpoints,
      },
      maximumRuns: jobRuns,
      leaseMs,
      timing: systemTiming,
      log,
    });
    runner.start();
    return runner;
  };
  const flows = createNodeFlows({
    settings,
    membership,
    runtime,
    configuration,
    programFolder,
    jobs,
    outbox,
    log,
    catchUp: () => catchUp(configuration),
  });
  let runner: JobRunner | undefined;
  let spill: SpillFolder | undefined;
  return {
    submit: (request, by, key) => jobs.submit(request, by, key),
    list: (limit) => jobs.list(limit),
    get: (id) => jobs.get(id),
    report: (id) => jobs.report(id),
    command: (id, command) => jobs.command(id, command),
    stages: async () =>
      [...stageTypes.values()].map(({ definition }) => ({
        ...definition,
        settings: toJsonSchema(definition.settings),
      })),
    check: async (document) => checkDataflow('dataflow', document, stageTypes).problems,
    async start() {
      if (jobRuns === 0) return;
      // A start that failed half way is tried again.
      spill ??= createSpillFolder();
      runner ??= startRunner(spill);
      flows.start();
    },
    async leave() {
      await Promise.all([flows.leave(), runner?.close()]);
      spill?.remove();
    },
    schedules: flows.schedules,
    processFlows: flows.processFlows,
    notifications: flows.notifications,
  };
}

/** There is no later revision than the newest: to be refused it is to have seen them all. */
async function catchUp(configuration: Configuration): Promise<void> {
  try {
    await configuration.waitFor(configuration.snapshot().revision + 1, catchUpMs);
  } catch (error) {
    if (!(error instanceof SpectrumError) || error.code !== 'REVISION_CONFLICT') throw error;
  }
}
