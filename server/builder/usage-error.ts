/** The command line asks for what there is not; the message says what is allowed. */
export class UsageError extends Error {}
