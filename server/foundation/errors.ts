import type { ErrorCode } from '../../contract/errors.ts';

/**
 * An error thrown on purpose. `message` is one sentence for the caller: what was wrong, what was given, what is
 * allowed, what to do; `facts` are the same things for programs.
 */
export class SpectrumError extends Error {
  override readonly name = 'SpectrumError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
