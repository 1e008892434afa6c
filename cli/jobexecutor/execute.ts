import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ManagementClient, ManagementError } from '../../client/index.ts';
import type { RunReport } from '../../contract/runs.ts';
import { CommandError } from '../command-error.ts';
import { type ExecutorOrder, executorUsage, readExecutorOrder } from './arguments.ts';

/** Exit codes of Job Executor, which scripts test; other commands have finer ones. */
const codes = { success: 0, failure: 1 } as const;

/** Runs `spectrum jobexecutor …`; resolves with the exit code. */
export async function runJobExecutor(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words.some((word) => ['-?', 'help', '--help'].includes(word))) {
    process.stdout.write(executorUsage);
    return codes.success;
  }
  const order = readExecutorOrder(words, readText);
  const { url, user, password } = order;
  const client = new ManagementClient({ url, credentials: { user, password } });
  return executeJobs(client, order, {
    write: (line) => void process.stdout.write(`${line}\n`),
    warn: (line) => void process.stderr.write(`${line}\n`),
  });
}

interface Output {
  write(line: string): void;
  warn(line: string): void;
}

/** Starts the jobs in order, each after the end of the one before when it waits, and stops at the first that fails. */
async function executeJobs(client: ManagementClient, order: ExecutorOrder, output: Output): Promise<number> {
  const { jobs, files, options, isWaiting, isReporting, isVerbose, delimiter } = order;
  try {
    for (const dataflow of jobs) {
      const { id } = await client.runs.submit({ dataflow, files, options });
      if (isVerbose) output.warn(`${dataflow} is submitted as ${id}`);
      const report = isWaiting ? await waitFor(client, id, order) : await client.runs.report(id);
      if (isReporting) output.write(formatReport(report, delimiter));
      const { state, error } = report.run;
      if (!isWaiting || state === 'succeeded') continue;
      output.warn(`jobexecutor: ${dataflow} ${state}${error === undefined ? '' : `: ${error}`}`);
      return codes.failure;
    }
    return codes.success;
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    output.warn(`jobexecutor: ${error.message} (${error.code})`);
    return codes.failure;
  }
}

/** The report at the end, or when the time is over: the job goes on then, and its state says so. */
async function waitFor(client: ManagementClient, id: string, { pollMs, timeoutMs }: ExecutorOrder): Promise<RunReport> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const { endedAt } = await client.runs.get(id);
    const leftMs = deadlineMs - performance.now();
    if (endedAt !== undefined || leftMs <= 0) return client.runs.report(id);
    await pause(Math.min(pollMs, leftMs));
  }
}

/** Fields 6 to 9 are records written, records that failed, malformed ones, and one that stays empty. */
export function formatReport({ run, recordsWritten, malformedRecords }: RunReport, delimiter: string): string {
  const { dataflow, id, state, startedAt, endedAt } = run;
  const times = [startedAt, endedAt].map((time) => (time === undefined ? '' : formatTime(new Date(time))));
  // A record either is written, is malformed, or ends its run.
  const counts = [recordsWritten, 0, malformedRecords];
  return [dataflow, id, state, ...times, ...counts, ''].join(delimiter);
}

/** `MM/DD/YYYY HH:MM:SS` in the time zone of this machine. */
function formatTime(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [two(time.getMonth() + 1), two(time.getDate()), time.getFullYear()].join('/');
  return `${day} ${[time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')}`;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError('usage', `jobexecutor: ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
