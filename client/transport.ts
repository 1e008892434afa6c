import { ManagementError } from './management-error.ts';

type Credentials = { readonly user: string; readonly password: string } | { readonly token: string };

export interface ClientOptions {
  /** Where the cluster or one of its nodes answers, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly credentials: Credentials;
  /** How often a request is sent again when there was no answer, or 503; 4 when absent. */
  readonly retries?: number;
  /** Instead of the global one. */
  readonly fetch?: typeof fetch;
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: object | string;
}

const revisionHeader = 'spectrum-revision';
const usualRetries = 4;
const longestWaitMs = 5_000;

/**
 * Sends requests so that whoever writes reads what was written, whichever node answers, and so that a write that got
 * no answer is sent again without being done twice.
 */
export class Transport {
  readonly #options: ClientOptions;
  #seen: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** The answer of a success; throws `ManagementError` for every other. */
  async send(request: Request): Promise<Response> {
    const headers = this.#headersOf(request);
    const { retries = usualRetries } = this.#options;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#fetch(request, headers).catch((cause) => noAnswer(this.#options.url, cause));
      if (answer instanceof Response && answer.status !== 503) return this.#accept(answer);
      const failure = answer instanceof Response ? await readRefusal(answer) : answer;
      if (attempt >= retries) throw failure;
      await wait(answer instanceof Response ? answer.headers.get('retry-after') : null, attempt);
    }
  }

  async readJson<Body>(request: Request): Promise<Body> {
    return (await (await this.send(request)).json()) as Body;
  }

  async #accept(answer: Response): Promise<Response> {
    const seen = answer.headers.get(revisionHeader);
    if (seen !== null && isLater(seen, this.#seen)) this.#seen = seen;
    if (answer.ok) return answer;
    throw await readRefusal(answer);
  }

  #fetch({ method = 'GET', path, query = {}, body }: Request, headers: Record<string, string>): Promise<Response> {
    const url = new URL(path, this.#options.url);
    for (const [name, value] of Object.entries(query)) {
      for (const one of [value].flat()) if (one !== undefined) url.searchParams.append(name, String(one));
    }
    const send = this.#options.fetch ?? fetch;
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    return send(url, { method, headers, ...(text === undefined ? {} : { body: text }) });
  }

  #headersOf({ method = 'GET', headers = {}, body }: Request): Record<string, string> {
    const all = {
      authorization: authorizationOf(this.#options.credentials),
      ...(method !== 'GET' && { 'idempotency-key': crypto.randomUUID() }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(this.#seen !== undefined && { [revisionHeader]: this.#seen }),
      ...headers,
    };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }
}

function authorizationOf(credentials: Credentials): string {
  if ('token' in credentials) return `Bearer ${credentials.token}`;
  const bytes = new TextEncoder().encode(`${credentials.user}:${credentials.password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** By epoch, then by revision. */
function isLater(seen: string, before: string | undefined): boolean {
  const [epoch = 0, revision = 0] = seen.split('.').map(Number);
  const [oldEpoch = 0, oldRevision = 0] = (before ?? '').split('.').map(Number);
  return epoch > oldEpoch || (epoch === oldEpoch && revision > oldRevision);
}

function noAnswer(url: string, cause: unknown): ManagementError {
  const reason = cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : String(cause);
  return new ManagementError('NO_ANSWER', `${url} does not answer: ${reason}`, 0, {}, { cause });
}

async function readRefusal(answer: Response): Promise<ManagementError> {
  const text = await answer.text();
  try {
    const { code, message, ...facts } = JSON.parse(text) as { code: unknown; message: unknown };
    return new ManagementError(String(code), String(message), answer.status, facts);
  } catch {
    const message = `The server answered ${answer.status} without a reason: ${text.slice(0, 200)}`;
    return new ManagementError('NO_ANSWER', message, answer.status, {});
  }
}

function wait(retryAfter: string | null, attempt: number): Promise<void> {
  const askedMs = Number(retryAfter ?? 0) * 1_000;
  const waitMs = Math.min(Math.max(askedMs, 50 * 2 ** attempt), longestWaitMs);
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}
