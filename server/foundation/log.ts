/** Structured log lines: facts first, then one sentence. Satisfied by pino. */
export interface Log {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** For programs and tests that keep no log. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
