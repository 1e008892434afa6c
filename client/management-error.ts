/** A refusal of the server, or no answer at all; `code` is one of contract/errors.ts, or `NO_ANSWER`. */
export class ManagementError extends Error {
  override readonly name = 'ManagementError';

  constructor(
    readonly code: string,
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    /** What the refusal says besides, such as `field`, `current` or `users`. */
    readonly facts: Readonly<Record<string, unknown>>,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
