import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { SpectrumError } from '../foundation/errors.ts';
import { readPieces } from './reading.ts';

interface BucketSettings {
  readonly bucket: string;
  /** The region of the environment when absent. */
  readonly region?: string;
  /** A server that speaks S3; AWS when absent. */
  readonly endpoint?: string;
  /** The credentials of the environment, such as a task role, when absent. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The objects of one bucket as files. */
interface Bucket {
  /** Keys that begin so, in order. */
  list(prefix: string): Promise<readonly string[]>;
  /** Throws `OBJECT_UNAVAILABLE` when it is not there. */
  sizeBytes(key: string): Promise<number>;
  read(key: string, fromByte: number): AsyncIterable<Uint8Array>;
  /** Makes a file the object; `exists` when another is there and may not be replaced. */
  put(path: string, key: string, mode: 'overwrite' | 'refuse'): Promise<'written' | 'exists'>;
  close(): void;
}

/** What one request of S3 takes (its limits page). */
const largestPut = 5 * 2 ** 30;
const heldBytes = 16 * 2 ** 20;

/** Opens a bucket; the client is loaded now. */
export async function openBucket({ bucket, region, endpoint, credentials }: BucketSettings): Promise<Bucket> {
  const { ListObjectsV2Command, S3Client } = await import('@aws-sdk/client-s3');
  const { clientSettings, S3Store } = await import('./s3-store.ts');
  const client = new S3Client({
    ...clientSettings,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
  const store = new S3Store(client);
  const locate = (key: string) => ({ kind: 's3', bucket, key }) as const;
  const findKnown = async (key: string) => {
    const found = await store.find(locate(key));
    if (found !== undefined) return found;
    throw new SpectrumError('OBJECT_UNAVAILABLE', `s3://${bucket}/${key} is not there`, { bucket, key });
  };
  return {
    async list(prefix) {
      const keys: string[] = [];
      for (let token: string | undefined, isFirst = true; isFirst || token !== undefined; isFirst = false) {
        const request = { Bucket: bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) };
        const page = await client.send(new ListObjectsV2Command(request));
        keys.push(...(page.Contents ?? []).flatMap(({ Key: key }) => key ?? []));
        token = page.NextContinuationToken;
      }
      return keys.sort();
    },
    sizeBytes: async (key) => (await findKnown(key)).sizeBytes,
    async *read(key, fromByte) {
      const { mark, sizeBytes } = await findKnown(key);
      yield* readPieces(store, locate(key), { from: fromByte, to: sizeBytes }, mark);
    },
    put: (path, key, mode) => putObject(client, { bucket, key, path, mode }),
    close: () => client.destroy(),
  };
}

interface Put {
  readonly bucket: string;
  readonly key: string;
  readonly path: string;
  readonly mode: 'overwrite' | 'refuse';
}

async function putObject(client: S3Client, { bucket, key, path, mode }: Put): Promise<'written' | 'exists'> {
  const { HeadObjectCommand, PutObjectCommand, S3ServiceException } = await import('@aws-sdk/client-s3');
  const { size } = await stat(path);
  if (size > largestPut) {
    const sentence = `s3://${bucket}/${key}: the file has ${size} bytes; S3 takes ${largestPut} at once, so write it in parts`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { bucket, key, size });
  }
  const sha256 = await hashOf(path);
  try {
    const request = {
      Bucket: bucket,
      Key: key,
      // A stream cannot be sent twice, so only what is too large to hold goes without the client's retries.
      Body: size <= heldBytes ? await readFile(path) : createReadStream(path),
      ContentLength: size,
      ChecksumSHA256: sha256,
    };
    await client.send(new PutObjectCommand({ ...request, ...(mode === 'refuse' && { IfNoneMatch: '*' }) }));
    return 'written';
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 412) throw error;
  }
  // Whoever put it before may have been this very run, which died before it could note that.
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }));
  return head.ChecksumSHA256 === sha256 && head.ContentLength === size ? 'written' : 'exists';
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest('base64');
}
