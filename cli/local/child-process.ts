import { type ChildProcess, fork } from 'node:child_process';
import type { LogFile } from './log-file.ts';

/** One of the programs a cluster consists of, and how to start it. */
export interface ChildProgram {
  readonly name: string;
  /** A bundled script. */
  readonly script: string;
  readonly arguments?: readonly string[];
  /** Asked at each start: a restarted program may have to listen where it did before. */
  readonly environment: () => Readonly<Record<string, string>>;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Starts a program with an IPC channel. It leads a process group of its own, so that a Ctrl-C in the terminal reaches
 * only the starter, which then stops the children in order; it ends by itself when the channel closes.
 */
export function forkChild(program: ChildProgram, log: LogFile): ChildProcess {
  log.clearTail();
  const child = fork(program.script, [...(program.arguments ?? [])], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: childEnvironment(program.environment()),
  });
  child.stdout?.on('data', (chunk: Buffer) => log.append(chunk));
  child.stderr?.on('data', (chunk: Buffer) => log.append(chunk));
  return child;
}

/** Resolves when the process has gone and its output is complete; an unstartable one counts as exit code 1. */
export function waitForExit(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', () => child.pid === undefined && resolve({ code: 1, signal: null }));
  });
}

/** SIGKILL for a child and for the workers it may have started in its group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No process groups on this system, or the group has just gone.
    child.kill('SIGKILL');
  }
}

/** The starter's environment without what would change the children behind the user's back. */
function childEnvironment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.some((prefix) => name.startsWith(prefix)));
  return { ...Object.fromEntries(inherited), ...own };
}

const foreign = ['AWS_', 'SPECTRUM_', 'npm_', 'NODE_CHANNEL_', 'NODE_OPTIONS', 'NODE_UNIQUE_ID'];
