import { spawn } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Activity } from '../../contract/process-flows.ts';
import { isBelow } from '../foundation/below.ts';
import { SpectrumError } from '../foundation/errors.ts';

/** A program at work on this node. */
export interface Program {
  /** Resolves with its exit code, or why it has none. */
  readonly ended: Promise<{ readonly code?: number; readonly error?: string }>;
  stop(): void;
}

export type StartProgram = (activity: Activity, words: readonly string[]) => Promise<Program>;

/** One statement with places for its values: one text more than there are values. */
export interface Statement {
  readonly connection: string;
  readonly texts: readonly string[];
  readonly values: readonly string[];
}

/** What activities do on the node that owns their flow. */
export interface ActivityWork {
  readonly startProgram: StartProgram;
  /** Begins a statement. Throws `UNKNOWN_OBJECT` for a connection that is not there. */
  startStatement(statement: Statement): Promise<Program>;
  /** Removes a cache; one that is not there is no trouble. */
  clearCache(name: string): Promise<void>;
}

const lastOutput = 1_000;
/** For what a program said last to arrive. */
const lingerMs = 500;
const searchPath = '/usr/local/bin:/usr/bin:/bin';

/**
 * Starts the programs that are allowed, absolute paths by the names that flows know, and no others, without a shell.
 * They run in a folder below the one for files of jobs, or in that one, and see the variables of their activity and a
 * plain `PATH`, nothing else of the node. Throws `INVALID_REQUEST`.
 */
export function createProgramStarter(allowed: Readonly<Record<string, string>>, jobFiles: string): StartProgram {
  return async (activity, words) => {
    const { program = '', folder = '.', environment, timeoutSeconds } = activity;
    const path = findAllowed(program, allowed);
    const cwd = await findFolder(program, folder, jobFiles);
    const child = spawn(path, [...words], {
      env: { PATH: searchPath, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutSeconds * 1_000,
      killSignal: 'SIGKILL',
      cwd,
    });
    let told = '';
    const ended = new Promise<{ readonly code?: number; readonly error?: string }>((resolve) => {
      child.on('error', (error) => resolve({ error: `${program}: ${error.message}` }));
      // What it leaves running may hold its output open for ever.
      child.on('exit', () => setTimeout(() => child.stderr.destroy(), lingerMs).unref());
      child.on('close', (code, signal) => {
        const error = told.trim();
        if (code === null) resolve({ error: `${program} was ended by ${signal}${error && `: ${error}`}` });
        else resolve({ code, ...(error !== '' && { error }) });
      });
    });
    // Missing when no more files can be opened: then the error tells.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-lastOutput);
    });
    return { ended, stop: () => child.kill('SIGKILL') };
  };
}

function findAllowed(program: string, allowed: Readonly<Record<string, string>>): string {
  const path = Object.hasOwn(allowed, program) ? allowed[program] : undefined;
  if (path !== undefined) return path;
  const names = Object.keys(allowed);
  if (names.length > 0) throw refuse(program, `the node may not run it; it may run ${names.join(', ')}`);
  throw refuse(program, 'the nodes run no programs; name those they may run in SPECTRUM_PROGRAMS');
}

/** The real path of the folder, links followed: a program reads and writes there under relative names. */
async function findFolder(program: string, folder: string, jobFiles: string): Promise<string> {
  const real = await realpath(resolve(jobFiles, folder)).catch(() => undefined);
  if (real === undefined)
    throw refuse(program, `folder: ${folder} is not there; make it below the folder for files of jobs`);
  const root = await realpath(jobFiles);
  if (real !== root && !isBelow(root, real)) {
    throw refuse(program, `folder: ${folder} is outside of the folder for files of jobs`);
  }
  if (!(await stat(real)).isDirectory()) throw refuse(program, `folder: ${folder} is not a folder`);
  return real;
}

function refuse(program: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `program ${program}: ${problem}`, { program });
}
