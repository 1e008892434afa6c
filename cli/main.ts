import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes } from '../contract/exit-codes.ts';
import { CommandError } from './command-error.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { runConfig } from './commands/config.ts';
import { runData } from './commands/data.ts';
import { formatHelp } from './commands/help.ts';
import { runSecret } from './commands/secret.ts';
import { start } from './commands/start.ts';
import { runUser } from './commands/user.ts';
import { runJobExecutor } from './jobexecutor/execute.ts';
import { runActions } from './jobs/access.ts';
import { dataflowActions } from './jobs/dataflow-actions.ts';
import { jobActions } from './jobs/job-actions.ts';
import { bundledScripts } from './local/programs.ts';
import { notificationActions } from './notification/actions.ts';
import { processFlowActions } from './processflow/actions.ts';
import { scheduleActions } from './schedule/actions.ts';

async function run(line: CommandLine): Promise<number> {
  switch (line.command) {
    case 'help':
      process.stdout.write(formatHelp());
      return exitCodes.success.code;
    case 'version':
      process.stdout.write(`${readVersion()}\n`);
      return exitCodes.success.code;
    case 'start':
      return start(line.flags);
    case 'config':
      return runConfig(line.words);
    case 'data':
      return runData(line.words, bundledScripts(__dirname).builder);
    case 'dataflow':
      return runActions('dataflow', dataflowActions, line.words);
    case 'job':
      return runActions('job', jobActions, line.words);
    case 'jobexecutor':
      return runJobExecutor(line.words);
    case 'notification':
      return runActions('notification', notificationActions, line.words);
    case 'processflow':
      return runActions('processflow', processFlowActions, line.words);
    case 'schedule':
      return runActions('schedule', scheduleActions, line.words);
    case 'secret':
      return runSecret(line.words, bundledScripts(__dirname).secretAccess);
    case 'user':
      return runUser(line.words, bundledScripts(__dirname).userAccess);
  }
}

/** The bundle lies in `dist/`, beside it the package file. */
function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function main(): Promise<void> {
  // The reader of a pipe may leave before the cluster does.
  process.stdout.on('error', () => undefined);
  try {
    process.exitCode = await run(parseCommandLine(process.argv.slice(2)));
  } catch (error) {
    const known = error instanceof CommandError ? error : undefined;
    const sentence =
      known?.message ?? `a fault of this program: ${error instanceof Error ? error.stack : String(error)}`;
    process.stderr.write(`spectrum: ${sentence}\n`);
    process.exitCode = exitCodes[known?.exit ?? 'internal'].code;
  }
}

void main();
