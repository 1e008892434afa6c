import type { ExitName } from '../contract/exit-codes.ts';

/** Ends a command on purpose: `message` is the one sentence the user reads, `exit` names the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly exit: ExitName,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
