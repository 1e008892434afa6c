import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { balancerLimits } from './limits.ts';

/** What goes to the node: nothing, bytes that can be sent again, or a stream that can be sent only once. */
export type RequestBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'held'; readonly bytes: Buffer }
  | { readonly kind: 'stream'; readonly stream: Readable; readonly lengthBytes: number | undefined };

/** Takes the body in up to the limit; a larger one becomes a stream of all of it. Rejects when the client breaks off. */
export async function takeBody(request: IncomingMessage): Promise<RequestBody> {
  const announced = request.headers['content-length'];
  if (announced === undefined && request.headers['transfer-encoding'] === undefined) return { kind: 'none' };
  const lengthBytes = announced === undefined ? undefined : Number(announced);
  if (lengthBytes !== undefined && lengthBytes > balancerLimits.heldBodyBytes) {
    return { kind: 'stream', stream: request.pipe(new PassThrough()), lengthBytes };
  }
  const chunks: Buffer[] = [];
  const isWhole = await collect(request, chunks);
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (isWhole) return { kind: 'held', bytes };
  const stream = new PassThrough();
  stream.write(bytes);
  return { kind: 'stream', stream: request.pipe(stream), lengthBytes };
}

/** True when the body ended, false when it is longer than what is held. */
function collect(request: IncomingMessage, chunks: Buffer[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let sizeBytes = 0;
    const finish = (settle: () => void) => {
      request.pause();
      request.off('data', take).off('end', end).off('error', fail).off('close', fail);
      settle();
    };
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      if (sizeBytes > balancerLimits.heldBodyBytes) finish(() => resolve(false));
    };
    const end = () => finish(() => resolve(true));
    const fail = () => finish(() => reject(new Error('the client broke off')));
    request.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
}
