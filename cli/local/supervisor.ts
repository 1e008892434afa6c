import type { ChildProcess } from 'node:child_process';
import { type ChildExit, type ChildProgram, forkChild, killGroup, waitForExit } from './child-process.ts';
import { findFailureReason, saysDiskFull } from './failure-reason.ts';
import { type LogFile, openLogFile } from './log-file.ts';

/** How long the starter waits for a child, and how it paces restarts. */
export interface SupervisionTimes {
  readonly readyMs: number;
  readonly stopMs: number;
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** A child that ran this long is restarted without a longer pause. */
  readonly steadyMs: number;
}

const supervisionTimes: SupervisionTimes = {
  readyMs: 30_000,
  stopMs: 30_000,
  firstBackoffMs: 100,
  longestBackoffMs: 10_000,
  steadyMs: 30_000,
};

/** A child that failed this often before it was ever ready fails the whole start. */
const startAttempts = 3;

/** Why a child could not be started; the sentence is the child's own where it gave one. */
export interface StartFailure {
  readonly name: string;
  readonly reason: string;
  readonly logFile: string;
  readonly isDiskFull: boolean;
}

export type SupervisionEvent =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'down' }
  | { readonly kind: 'restarting'; readonly exit: ChildExit; readonly delayMs: number }
  | { readonly kind: 'message'; readonly message: unknown };

/** Keeps one program running, with growing pauses between restarts, and tells what happens to it. */
export class Supervisor {
  readonly name: string;
  /** Resolves with `undefined` once ready for the first time, or with the reason why it never was. */
  readonly started: Promise<StartFailure | undefined>;
  readonly #log: LogFile;
  readonly #finished: Promise<void>;
  #settleStarted: (failure: StartFailure | undefined) => void = () => undefined;
  #wakeUp: () => void = () => undefined;
  #child: ChildProcess | undefined;
  #port: number | undefined;
  #wasReady = false;
  #isStopping = false;
  #failures = 0;

  constructor(
    private readonly program: ChildProgram,
    logPath: string,
    private readonly onEvent: (event: SupervisionEvent) => void,
    private readonly times: SupervisionTimes = supervisionTimes,
  ) {
    this.name = program.name;
    this.#log = openLogFile(logPath);
    this.started = new Promise((resolve) => {
      this.#settleStarted = resolve;
    });
    this.#finished = this.#keepRunning();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Where the running process listens, once it has said so. */
  get port(): number | undefined {
    return this.#port;
  }

  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  /** SIGTERM, then SIGKILL after the stop time; resolves when the process has gone. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wakeUp();
    const child = this.#child;
    child?.kill('SIGTERM');
    const overdue = setTimeout(() => child && killGroup(child), this.times.stopMs);
    await this.#finished;
    clearTimeout(overdue);
  }

  kill(): void {
    this.#isStopping = true;
    this.#wakeUp();
    if (this.#child) killGroup(this.#child);
  }

  async #keepRunning(): Promise<void> {
    while (!this.#isStopping) {
      const exit = await this.#runOnce();
      if (this.#isStopping) break;
      if (!this.#wasReady && this.#failures >= startAttempts) {
        this.#settleStarted(this.#describeFailure(exit));
        break;
      }
      const delayMs = Math.min(this.times.longestBackoffMs, this.times.firstBackoffMs * 2 ** (this.#failures - 1));
      this.onEvent({ kind: 'restarting', exit, delayMs });
      await this.#pause(delayMs);
    }
    this.#settleStarted({ name: this.name, reason: 'it was stopped', logFile: this.#log.path, isDiskFull: false });
    this.#log.close();
  }

  async #runOnce(): Promise<ChildExit> {
    const startedMs = performance.now();
    const child = forkChild(this.program, this.#log);
    this.#child = child;
    const overdue = setTimeout(() => {
      this.#log.append(`${this.name} was not ready after ${this.times.readyMs / 1000} s\n`);
      killGroup(child);
    }, this.times.readyMs);
    child.on('message', (message) => {
      if (isReadyMessage(message)) clearTimeout(overdue);
      this.#receive(message);
    });
    const exit = await waitForExit(child);
    clearTimeout(overdue);
    this.#child = undefined;
    this.#port = undefined;
    this.#failures = performance.now() - startedMs > this.times.steadyMs ? 1 : this.#failures + 1;
    this.onEvent({ kind: 'down' });
    return exit;
  }

  #receive(message: unknown): void {
    if (!isReadyMessage(message)) {
      this.onEvent({ kind: 'message', message });
      return;
    }
    this.#port = message.port;
    this.#wasReady = true;
    this.onEvent({ kind: 'ready', port: message.port });
    this.#settleStarted(undefined);
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #describeFailure({ code, signal }: ChildExit): StartFailure {
    const tail = this.#log.tail();
    const ended = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
    const reason = findFailureReason(tail) ?? ended;
    return { name: this.name, reason, logFile: this.#log.path, isDiskFull: saysDiskFull(tail) };
  }
}

function isReadyMessage(message: unknown): message is { ready: true; port: number } {
  return typeof message === 'object' && message !== null && 'ready' in message && 'port' in message;
}
