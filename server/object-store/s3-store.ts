import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { SpectrumError } from '../foundation/errors.ts';
import { formatLocation, type Location } from './location.ts';
import type { ByteRange, ObjectFacts, ObjectStore } from './store.ts';

const heldBytes = 16 * 2 ** 20;

export const clientSettings = {
  maxAttempts: 5,
  // Checksums of our own cover whole objects; the SDK's would wrap every body a second time.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} as const;

/** Objects of S3; unless a client is given, region, credentials and endpoint are those of the environment (`AWS_REGION`, `AWS_ENDPOINT_URL`). */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;

  constructor(client = new S3Client(clientSettings)) {
    this.#client = client;
  }

  async find(location: Location): Promise<ObjectFacts | undefined> {
    const { bucket, key } = s3Of(location);
    const head = await this.#client
      .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
      .catch(answerOnly(404, location));
    return head && { sizeBytes: head.ContentLength ?? 0, mark: head.ETag ?? '' };
  }

  async read(location: Location, { from, to }: ByteRange, mark: string): Promise<Uint8Array> {
    const { bucket, key } = s3Of(location);
    if (to <= from) return new Uint8Array();
    const range = { Bucket: bucket, Key: key, Range: `bytes=${from}-${to - 1}`, IfMatch: mark };
    const answer = await this.#client.send(new GetObjectCommand(range)).catch(answerOnly(412, location));
    const bytes = await answer?.Body?.transformToByteArray();
    if (bytes && bytes.length <= to - from) return bytes;
    throw new SpectrumError('OBJECT_CHANGED', `${formatLocation(location)} changed while it was read`);
  }

  async stage(_location: Location): Promise<string> {
    return join(tmpdir(), `spectrum-${randomUUID()}.tmp`);
  }

  async publish(stagedPath: string, location: Location, sha256: string): Promise<'written' | 'exists'> {
    const { bucket, key } = s3Of(location);
    try {
      const { size } = await stat(stagedPath);
      const written = await this.#client
        .send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            // A stream cannot be sent twice, so only what is too large to hold goes without the client's retries.
            Body: size <= heldBytes ? await readFile(stagedPath) : createReadStream(stagedPath),
            ContentLength: size,
            ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
            IfNoneMatch: '*',
          }),
        )
        .catch(answerOnly(412, location));
      return written ? 'written' : 'exists';
    } finally {
      await rm(stagedPath, { force: true });
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

function s3Of(location: Location) {
  if (location.kind !== 's3') throw new TypeError(`${location.kind} is not S3`);
  return location;
}

/** Undefined for an answer with this status; every other failure names the object. */
function answerOnly(status: number, location: Location): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === status) return undefined;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new SpectrumError('OBJECT_UNAVAILABLE', `${formatLocation(location)}: ${reason}`, {}, { cause: error });
  };
}
