/** Every error thrown on purpose, with the HTTP status that the gateway answers and, for commands, the exit code. */
export const errorCodes = {
  INVALID_REQUEST: { status: 400 },
  INVALID_OPTION: { status: 400 },
  MALFORMED_JSON: { status: 400 },
  MALFORMED_XML: { status: 400 },
  CREDENTIALS_REQUIRED: { status: 401 },
  CREDENTIALS_REFUSED: { status: 401 },
  NOT_PERMITTED: { status: 403 },
  UNKNOWN_SERVICE: { status: 404 },
  UNKNOWN_PATH: { status: 404 },
  UNKNOWN_OBJECT: { status: 404 },
  METHOD_NOT_ALLOWED: { status: 405 },
  REVISION_CONFLICT: { status: 409 },
  BODY_TOO_LARGE: { status: 413 },
  UNSUPPORTED_CONTENT_TYPE: { status: 415 },
  INVALID_OBJECT: { status: 422 },
  REVISION_REQUIRED: { status: 428 },
  INTERNAL: { status: 500 },
  DATABASE_UNAVAILABLE: { status: 503 },
  CONFIGURATION_UNAVAILABLE: { status: 503 },
  OUTCOME_UNKNOWN: { status: 503 },
  DRAINING: { status: 503 },
  REFERENCE_DATA_CORRUPT: { status: 503 },
  REFERENCE_DATA_FORMAT: { status: 503 },
  INVALID_SETTING: { status: 500 },
} as const satisfies Record<string, { readonly status: number }>;

export type ErrorCode = keyof typeof errorCodes;
