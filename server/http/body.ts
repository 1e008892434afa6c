import { isAscii, isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { SpectrumError } from '../foundation/errors.ts';

/** A request body whose bytes are known to be UTF-8. */
export interface RequestBody {
  readonly kind: 'json' | 'xml';
  readonly text: string;
}

type Headers = IncomingMessage['headers'];

/**
 * What kind of body the headers announce. Throws `UNSUPPORTED_CONTENT_TYPE` for media types, charsets and content
 * encodings the node does not read, and `BODY_TOO_LARGE` when the announced length is already too much.
 */
export function checkBodyHeaders(headers: Headers, limitBytes: number, advice = fewerRows): RequestBody['kind'] {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new SpectrumError(
      'UNSUPPORTED_CONTENT_TYPE',
      `Content-Encoding ${quote(encoding)} is not read; send the body as it is`,
      {
        contentEncoding: encoding,
      },
    );
  }
  if (Number(headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes, advice);
  return findKind(headers['content-type']);
}

/** Reads at most `limitBytes`; throws `BODY_TOO_LARGE` without reading on, and `INVALID_REQUEST` for invalid UTF-8. */
export async function readBody(
  stream: IncomingMessage,
  kind: RequestBody['kind'],
  limitBytes: number,
  advice = fewerRows,
): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      stream.pause();
      stream.removeAllListeners('data');
      reject(tooLarge(limitBytes, advice));
    });
    stream.once('end', resolve);
    const breakOff = () =>
      reject(new SpectrumError('INVALID_REQUEST', 'The connection closed before the whole body came'));
    stream.once('close', breakOff);
    stream.once('error', breakOff);
  });
  return { kind, text: decodeUtf8(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, sizeBytes)) };
}

function decodeUtf8(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (!isUtf8(bytes)) {
    throw new SpectrumError('INVALID_REQUEST', 'The request body is not valid UTF-8; send it in UTF-8', {});
  }
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function findKind(contentType: string | undefined): RequestBody['kind'] {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', `Charset ${quote(charset)} is not read; send UTF-8`, {
      charset,
    });
  }
  const kind = kinds.find(({ pattern }) => pattern.test(type.trim()))?.kind;
  if (kind !== undefined) return kind;
  const given =
    contentType === undefined ? 'No Content-Type was given' : `Content-Type ${quote(contentType)} is not read`;
  throw new SpectrumError('UNSUPPORTED_CONTENT_TYPE', `${given}; send application/json or application/xml`, {
    contentType: contentType ?? null,
    allowed: ['application/json', 'application/xml'],
  });
}

const kinds = [
  { pattern: /^(application|text)\/([\w.-]+\+)?json$/, kind: 'json' },
  { pattern: /^(application|text)\/([\w.-]+\+)?xml$/, kind: 'xml' },
] as const;

const fewerRows = 'send fewer rows in one request';

function tooLarge(limitBytes: number, advice: string): SpectrumError {
  return new SpectrumError('BODY_TOO_LARGE', `The request body is larger than ${limitBytes} bytes; ${advice}`, {
    limitBytes,
  });
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
