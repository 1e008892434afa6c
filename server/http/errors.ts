import { type ErrorCode, errorCodes } from '../../contract/errors.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { escapeXml } from './rest/xml-answer.ts';

/** What a caller gets instead of an answer. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Errors of ours that the caller cannot mend; they go to the log with their cause. */
  readonly isFault: boolean;
}

/** The one place that turns whatever was thrown into an answer. Unknown errors keep their details to themselves. */
export function toErrorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof SpectrumError) {
    const { status } = errorCodes[error.code];
    return { status, code: error.code, message: error.message, facts: error.facts, isFault: status === 500 };
  }
  const framework = frameworkErrors[String((error as { code?: unknown } | null)?.code)];
  if (framework !== undefined) {
    const { status } = errorCodes[framework.code];
    return { status, ...framework, facts: {}, isFault: false };
  }
  return {
    status: 500,
    code: 'INTERNAL',
    message: 'The node failed to answer; the log has the details under this request id',
    facts: {},
    isFault: true,
  };
}

/** `{code, message, requestId, …facts}`. */
export function formatErrorJson(answer: ErrorAnswer, requestId: string): string {
  const { code, message, facts } = answer;
  return JSON.stringify({ code, message, requestId, ...facts });
}

export function formatErrorXml(answer: ErrorAnswer, requestId: string): string {
  const { code, message, facts } = answer;
  const members = Object.entries({ code, message, requestId, ...facts }).filter(([name]) => /^[A-Za-z]\w*$/.test(name));
  const content = members.map(([name, value]) => `<${name}>${escapeXml(formatFact(value))}</${name}>`).join('');
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><error>${content}</error>`;
}

function formatFact(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const frameworkErrors: Readonly<Record<string, { readonly code: ErrorCode; readonly message: string }>> = {
  FST_ERR_BAD_URL: {
    code: 'INVALID_REQUEST',
    message: 'The path has a percent sign that is not followed by two hexadecimal digits of UTF-8; encode it as %25',
  },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'INVALID_REQUEST', message: 'A part of the path is too long; shorten the name' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'UNSUPPORTED_CONTENT_TYPE',
    message: 'The Content-Type header is not a media type; send application/json or application/xml',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'INVALID_REQUEST',
    message: 'The body has another length than Content-Length says; send the length in bytes',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'BODY_TOO_LARGE', message: 'The request body is too large' },
};
