import { spawn } from 'node:child_process';
import type { Activity } from '../../contract/process-flows.ts';
import { SpectrumError } from '../foundation/errors.ts';

/** A program at work on this node. */
export interface Program {
  /** Resolves with its exit code, or why it has none. */
  readonly ended: Promise<{ readonly code?: number; readonly error?: string }>;
  stop(): void;
}

export type StartProgram = (activity: Activity, words: readonly string[]) => Promise<Program>;

const lastOutput = 1_000;
/** For what a program said last to arrive. */
const lingerMs = 500;
const searchPath = '/usr/local/bin:/usr/bin:/bin';

/**
 * Starts the programs that are allowed, absolute paths by the names that flows know, and no others, without a shell.
 * They see the variables of their activity and a plain `PATH`, nothing else of the node. Throws `INVALID_REQUEST`.
 */
export function createProgramStarter(allowed: Readonly<Record<string, string>>): StartProgram {
  return async (activity, words) => {
    const { program = '', folder, environment, timeoutSeconds } = activity;
    const path = findAllowed(program, allowed);
    const child = spawn(path, [...words], {
      env: { PATH: searchPath, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutSeconds * 1_000,
      killSignal: 'SIGKILL',
      ...(folder !== undefined && { cwd: folder }),
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

function refuse(program: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `program ${program}: ${problem}`, { program });
}
