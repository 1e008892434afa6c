import { setTimeout as pause } from 'node:timers/promises';
import type { Runs } from '../../client/index.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { type RunCommand, type RunView, runCommands } from '../../contract/runs.ts';
import { CommandError } from '../command-error.ts';
import { type Action, type ActionContext, type Actions, readPairs, wordAt } from './access.ts';

const command = (name: RunCommand, summary: string): Action => ({
  usage: 'ID',
  summary,
  async run({ client, words, write }) {
    await client.runs.command(wordAt(words, 0, 'the id of the run'), name);
    write(`${name} is asked of the run; job status tells when it has happened\n`);
    return exitCodes.success.code;
  },
});

const summaries: Readonly<Record<RunCommand, string>> = {
  pause: 'reads nothing more until it is resumed',
  resume: 'goes on with a paused run',
  cancel: 'ends a run; its files keep their old content',
};

/** Every action of `spectrum job`. */
export const jobActions: Actions = {
  submit: {
    usage: 'DATAFLOW [--option NAME=VALUE]… [--file LABEL=PATH]… [--wait]',
    summary: 'runs the exposed version of a job',
    run: submit,
  },
  list: { usage: '[--limit N]', summary: 'runs, newest first', run: list },
  status: { usage: 'ID [--wait]', summary: 'one run, stage by stage', run: status },
  report: {
    usage: 'ID [--html]',
    summary: 'one run with its options, files and databases, as JSON or a page',
    run: report,
  },
  ...Object.fromEntries(runCommands.map((name) => [name, command(name, summaries[name])])),
};

async function submit({ client, words, flags, write }: ActionContext): Promise<number> {
  const dataflow = wordAt(words, 0, 'the name of the dataflow');
  const options = readPairs('option', flags.option);
  const files = readPairs('file', flags.file);
  const run = await client.runs.submit({ dataflow, options, files });
  write(`${run.id}\n`);
  return flags.wait ? await waitFor(client.runs, run.id, write) : exitCodes.success.code;
}

async function list({ client, flags, write }: ActionContext): Promise<number> {
  const limit = Number(flags.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1)
    throw new CommandError('usage', `--limit: "${flags.limit}" is not a whole number`);
  for (const run of await client.runs.list(limit)) {
    write(
      `${run.id}  ${run.state.padEnd(10)} ${run.submittedAt}  ${run.dataflow} (${formatRows(recordsWritten(run))} records)\n`,
    );
  }
  return exitCodes.success.code;
}

async function status({ client, words, flags, write }: ActionContext): Promise<number> {
  const id = wordAt(words, 0, 'the id of the run');
  if (flags.wait) return await waitFor(client.runs, id, write);
  write(formatRun(await client.runs.get(id)));
  return exitCodes.success.code;
}

async function report({ client, words, flags, write }: ActionContext): Promise<number> {
  const id = wordAt(words, 0, 'the id of the run');
  if (flags.html) write(await client.runs.reportPage(id));
  else write(`${JSON.stringify(await client.runs.report(id), undefined, 2)}\n`);
  return exitCodes.success.code;
}

const pollMs = 500;

/** Shows how far the run is until it ends; the exit code says how it ended. */
async function waitFor(runs: Runs, id: string, write: (text: string) => void): Promise<number> {
  const startedMs = performance.now();
  for (;;) {
    const run = await runs.get(id);
    if (run.endedAt !== undefined) {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      write(formatRun(run));
      return run.state === 'succeeded' ? exitCodes.success.code : exitCodes.runFailed.code;
    }
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${formatProgress(run, performance.now() - startedMs)}`);
    await pause(pollMs);
  }
}

function formatProgress(run: RunView, elapsedMs: number): string {
  const read = run.stages[0]?.recordsRead ?? 0;
  const rate = Math.round(read / Math.max(0.001, elapsedMs / 1_000));
  return `${run.state}: ${formatRows(read)} records read, ${formatRows(rate)}/s`;
}

function formatRun(run: RunView): string {
  const lines = [
    `run        ${run.id}`,
    `dataflow   ${run.dataflow}, version ${run.version}`,
    `state      ${run.state}${run.error === undefined ? '' : `: ${run.error}`}`,
    `submitted  ${run.submittedAt} by ${run.submittedBy}`,
    ...(run.startedAt === undefined ? [] : [`started    ${run.startedAt} on ${run.owner ?? ''}`]),
    ...(run.endedAt === undefined ? [] : [`ended      ${run.endedAt}`]),
  ];
  if (run.stages.length > 0) lines.push('', '      read   written malformed  stage', ...run.stages.map(formatStage));
  return `${lines.join('\n')}\n`;
}

function formatStage(stage: RunView['stages'][number]): string {
  const given = Object.values(stage.recordsWritten);
  // A sink writes what it reads.
  const written = given.length === 0 ? stage.recordsRead : given.reduce((sum, count) => sum + count, 0);
  const counts = [stage.recordsRead, written, stage.malformedRecords].map((count) => formatRows(count).padStart(10));
  return `${counts.join('')}  ${stage.label}`;
}

/** What reached the sinks: stages that write to no other. */
function recordsWritten({ stages }: RunView): number {
  const sinks = stages.filter((stage) => Object.keys(stage.recordsWritten).length === 0);
  return sinks.reduce((sum, { recordsRead }) => sum + recordsRead, 0);
}

function formatRows(count: number): string {
  return count.toLocaleString('en-US');
}
