import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeS3 {
  readonly endpoint: string;
  /** Content by `<bucket>/<key>`. */
  readonly objects: Map<string, Buffer>;
  /** Called before each answer; true breaks the connection. */
  breaks: (request: IncomingMessage) => boolean;
  close(): Promise<void>;
}

/** S3 as its API reference has it, for what the object store calls: HEAD, ranged GET, conditional PUT, lists; path style. */
export async function startFakeS3(): Promise<FakeS3> {
  const server = createServer((request, response) => {
    if (s3.breaks(request)) request.socket.destroy();
    else void answer(request, response, s3.objects);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const s3: FakeS3 = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects: new Map(),
    breaks: () => false,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return s3;
}

async function answer(request: IncomingMessage, response: ServerResponse, objects: Map<string, Buffer>) {
  const name = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname.slice(1));
  const object = objects.get(name);
  if (request.method === 'PUT') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const sha256 = createHash('sha256').update(body).digest('base64');
    if (request.headers['if-none-match'] === '*' && object) return fail(response, 412, 'PreconditionFailed');
    if (request.headers['x-amz-checksum-sha256'] !== sha256) return fail(response, 400, 'BadDigest');
    objects.set(name, body);
    response.writeHead(200, { etag: tagOf(body) }).end();
    return;
  }
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  if (query.get('list-type') === '2') return list(response, objects, name.replace(/\/$/, ''), query);
  if (!object) return fail(response, 404, 'NoSuchKey');
  const headers = { etag: tagOf(object), 'content-type': 'binary/octet-stream' };
  if (request.method === 'HEAD') {
    const checksum = createHash('sha256').update(object).digest('base64');
    response.writeHead(200, { ...headers, 'content-length': object.length, 'x-amz-checksum-sha256': checksum }).end();
    return;
  }
  const tag = request.headers['if-match'];
  if (tag !== undefined && tag !== headers.etag) return fail(response, 412, 'PreconditionFailed');
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const part = object.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
  response.writeHead(206, { ...headers, 'content-length': part.length }).end(part);
}

/** Two keys a page, so that readers must ask for the next one. */
function list(response: ServerResponse, objects: Map<string, Buffer>, bucket: string, query: URLSearchParams): void {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const keys = [...objects.keys()].filter((name) => name.startsWith(prefix)).sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const contents = keys
    .slice(from, from + 2)
    .map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key></Contents>`);
  const next = from + 2 < keys.length ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>${contents.join('')}${next}</ListBucketResult>`,
  );
}

function tagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}
