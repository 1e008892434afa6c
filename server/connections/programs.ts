import { spawn } from 'node:child_process';
import type { ProgramAccess, ProgramOutcome } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';

export interface ProgramsProps {
  /** Absolute paths by the names that flows know; none is run that is not here. */
  readonly allowed: Readonly<Record<string, string>>;
  /** Where programs work. */
  readonly folder: string;
}

/** What a program may say of a failure. */
const keptCharacters = 1_000;
/** For what a program said last to arrive. */
const lingerMs = 500;
/** Nothing of the node's own environment: it holds its password and credentials. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };

/** Programs of this machine, as far as its administrator allows them. */
export function openPrograms({ allowed, folder }: ProgramsProps): ProgramAccess {
  return {
    run(name, parameters, { timeoutMs, signal }) {
      const path = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
      if (path === undefined) throw refuseProgram(name, Object.keys(allowed));
      return new Promise<ProgramOutcome>((resolve, reject) => {
        const child = spawn(path, [...parameters], {
          cwd: folder,
          env: environment,
          shell: false,
          stdio: ['ignore', 'ignore', 'pipe'],
          timeout: timeoutMs,
          killSignal: 'SIGKILL',
          signal,
        });
        let said = '';
        child.on('error', (error) => reject(notRun(name, error)));
        // What it leaves running may hold its output open for ever.
        child.on('exit', () => setTimeout(() => child.stderr.destroy(), lingerMs).unref());
        // Missing when no more files can be opened: then the error tells.
        child.stderr?.setEncoding('utf8').on('data', (text: string) => {
          said = (said + text).slice(-keptCharacters);
        });
        child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? undefined, said: said.trim() }));
      });
    },
  };
}

function refuseProgram(name: string, allowed: readonly string[]): SpectrumError {
  const advice = allowed.length === 0 ? 'this node allows none' : `it allows ${allowed.join(', ')}`;
  const sentence = `program ${name} is not allowed here; ${advice} (SPECTRUM_PROGRAMS)`;
  return new SpectrumError('NOT_PERMITTED', sentence, { program: name });
}

function notRun(name: string, cause: Error): SpectrumError {
  return new SpectrumError(
    'PROGRAM_FAILED',
    `program ${name} cannot be run: ${cause.message}`,
    { program: name },
    { cause },
  );
}
