import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** One `spectrum start` as a user runs it: a process of its own, told apart by its data folder. */
export interface StartedCluster {
  readonly url: string;
  readonly password: string;
  readonly starter: ChildProcess;
  /** Seconds from the command to the closing block. */
  readonly startSeconds: number;
  /** Resolves when the starter has gone. */
  readonly ended: Promise<StartEnd>;
  /** Everything that is on the screen so far. */
  output(): string;
}

export interface StartEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** The last line of the closing block. */
const closingLine = /Ctrl-C stops it/;

/** Runs `spectrum` with these words from the root of the repository. */
export function runSpectrum(words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, SPECTRUM_ADMIN_PASSWORD: '', ...variables };
  const child = spawn(process.execPath, [resolve('cli/launcher.cjs'), ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  const ended = new Promise<StartEnd>((done) => child.once('close', (code) => done({ code, ...text })));
  return { child, text, ended };
}

/** Starts a cluster on a free port; rejects with what it printed when it does not come up. */
export async function startCluster(
  dataPath: string,
  words: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<StartedCluster> {
  const startedMs = performance.now();
  const { child, text, ended } = runSpectrum(['start', '--port', '0', '--data', dataPath, ...words], variables);
  const isUp = new Promise<boolean>((done) => {
    child.stdout.on('data', () => closingLine.test(text.stdout) && done(true));
    void ended.then(() => done(false));
  });
  if (!(await isUp)) throw new Error(`the cluster did not start:\n${text.stdout}${text.stderr}`);
  const startSeconds = (performance.now() - startedMs) / 1_000;
  const url = String(/ready at (\S+)/.exec(text.stdout)?.[1]);
  const password = readFileSync(join(dataPath, 'admin-password'), 'utf8').trim();
  return { url, password, starter: child, startSeconds, ended, output: () => text.stdout };
}

/** The processes of the cluster that owns the folder now, by its own file. */
export function listProcesses(dataPath: string): readonly RunningProcess[] {
  const file = join(dataPath, 'processes.json');
  if (!existsSync(file)) return [];
  return (JSON.parse(readFileSync(file, 'utf8')) as { processes: readonly RunningProcess[] }).processes;
}

/** Waits until something is so, for at most `timeoutMs`; rejects with `what`. */
export async function waitUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`${what}: not within ${timeoutMs / 1_000} s`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Whether a process with this id lives. */
export function isAlive(pid: number | null | undefined): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
