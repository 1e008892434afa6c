import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
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

/**
 * Starts programs of a list and no others, without a shell; none while the list is empty. They see the variables of
 * their activity and `PATH`, nothing else of the node. Throws `INVALID_REQUEST`.
 */
export function createProgramStarter(allowed: readonly string[]): StartProgram {
  return async (activity, words) => {
    const { program = '', folder, environment, timeoutSeconds } = activity;
    const path = await assertAllowed(program, allowed);
    const child = spawn(path, [...words], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutSeconds * 1_000,
      killSignal: 'SIGKILL',
      ...(folder !== undefined && { cwd: folder }),
    });
    let told = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told = (told + text).slice(-lastOutput);
    });
    const ended = new Promise<{ readonly code?: number; readonly error?: string }>((resolve) => {
      child.on('error', (error) => resolve({ error: `${program}: ${error.message}` }));
      child.on('close', (code, signal) => {
        const error = told.trim();
        if (code === null) resolve({ error: `${program} was ended by ${signal}${error && `: ${error}`}` });
        else resolve({ code, ...(error !== '' && { error }) });
      });
    });
    return { ended, stop: () => child.kill('SIGKILL') };
  };
}

async function assertAllowed(program: string, allowed: readonly string[]): Promise<string> {
  if (allowed.length === 0) {
    throw refuse(program, 'the nodes run no programs; name those they may run in SPECTRUM_PROGRAMS');
  }
  // A link is what it leads to: neither may lead to another program than the list says.
  const real = await realpath(program).catch(() => undefined);
  const known = await Promise.all(allowed.map((path) => realpath(path).catch(() => undefined)));
  if (real !== undefined && known.includes(real)) return real;
  throw refuse(program, `the node may not run it; it may run ${allowed.join(', ')}`);
}

function refuse(program: string, problem: string): SpectrumError {
  return new SpectrumError('INVALID_REQUEST', `program ${program}: ${problem}`, { program });
}
