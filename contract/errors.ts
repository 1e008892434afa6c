/** Every error thrown on purpose, with the HTTP status that the gateway answers and, for commands, the exit code. */
export const errorCodes = {
  INVALID_REQUEST: { status: 400 },
  INVALID_OPTION: { status: 400 },
  MALFORMED_JSON: { status: 400 },
  MALFORMED_XML: { status: 400 },
  CREDENTIALS_REQUIRED: { status: 401 },
  CREDENTIALS_REFUSED: { status: 401 },
  /** Too many failed logins; an administrator unlocks the user. */
  USER_LOCKED: { status: 401 },
  NOT_PERMITTED: { status: 403 },
  TOKEN_EXPIRED: { status: 403 },
  UNKNOWN_SERVICE: { status: 404 },
  UNKNOWN_PATH: { status: 404 },
  UNKNOWN_OBJECT: { status: 404 },
  METHOD_NOT_ALLOWED: { status: 405 },
  REVISION_CONFLICT: { status: 409 },
  OBJECT_IN_USE: { status: 409 },
  CONFIGURATION_SEALED: { status: 409 },
  BODY_TOO_LARGE: { status: 413 },
  UNSUPPORTED_CONTENT_TYPE: { status: 415 },
  INVALID_OBJECT: { status: 422 },
  INVALID_DATAFLOW: { status: 422 },
  /** The key of a request stands for another one. */
  IDEMPOTENCY_KEY_REUSED: { status: 422 },
  MALFORMED_RECORDS: { status: 422 },
  RUN_CANCELLED: { status: 409 },
  JOB_TERMINATED: { status: 409 },
  REVISION_REQUIRED: { status: 428 },
  /** A login soon after a failed one; `Retry-After` says when to try again. */
  LOGIN_DELAYED: { status: 429 },
  INTERNAL: { status: 500 },
  DATABASE_UNAVAILABLE: { status: 503 },
  CONFIGURATION_UNAVAILABLE: { status: 503 },
  OUTCOME_UNKNOWN: { status: 503 },
  CONFIGURATION_FORMAT: { status: 503 },
  DRAINING: { status: 503 },
  /** More work waits than the node takes on; `Retry-After` says when to come back. */
  OVERLOADED: { status: 503 },
  NO_NODE_READY: { status: 503 },
  REFERENCE_DATA_CORRUPT: { status: 503 },
  REFERENCE_DATA_FORMAT: { status: 503 },
  INVALID_SETTING: { status: 500 },
  SECRET_UNREADABLE: { status: 503 },
  /** A database or file server outside does not answer, or lets nobody in. */
  CONNECTION_FAILED: { status: 503 },
  /** A database outside refuses a statement. */
  DATABASE_REFUSED: { status: 422 },
  /** A program that a flow runs did not succeed. */
  PROGRAM_FAILED: { status: 422 },
  /** An object changed while it was read; read it anew. */
  OBJECT_CHANGED: { status: 503 },
  OBJECT_UNAVAILABLE: { status: 503 },
  NODE_OVERDUE: { status: 504 },
} as const satisfies Record<string, { readonly status: number }>;

export type ErrorCode = keyof typeof errorCodes;
