import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { managementPaths, type NodeSummary } from '../../contract/management.ts';
import { CommandError } from '../command-error.ts';

/** Where the management API is, and who asks. */
interface ManagementAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

interface AccessFlags {
  readonly url: string;
  readonly user: string;
  readonly data: string;
}

/** A database resource as the API shows it, with its entity tag. */
export interface StoredResource {
  readonly tag: string;
  readonly module: string;
  readonly database: string;
  readonly vintage: string;
}

/** The cluster of the data folder, unless an address is given; the password comes from the environment or that folder. */
export function findAccess({ url, user, data }: AccessFlags): ManagementAccess {
  const running = url === '' ? readIfThere(join(data, 'processes.json')) : undefined;
  const found = running === undefined ? url : String((JSON.parse(running) as { url?: unknown }).url);
  if (found === '') {
    throw new CommandError('usage', `no cluster runs on the data folder ${data}; name one with --url or --data`);
  }
  const password = process.env.SPECTRUM_PASSWORD || readIfThere(join(data, 'admin-password'))?.trim();
  if (!password) throw new CommandError('usage', `the password of ${user} is not known; set SPECTRUM_PASSWORD`);
  return { url: found.replace(/\/+$/, ''), user, password };
}

/** The calls to the management API that publishing needs; throws `dataRefused` with the server's sentence. */
export class ManagementApi {
  /** What the last answer had seen; whichever node answers next has seen it too. */
  #revision = '';

  constructor(readonly access: ManagementAccess) {}

  async findResource(name: string): Promise<StoredResource | undefined> {
    const answer = await this.#call('GET', this.#pathOf(name));
    if (answer.status === 404) return undefined;
    const { module, database, vintage } = await this.#read<StoredResource>(answer);
    return { module, database, vintage, tag: answer.headers.get('etag') ?? '' };
  }

  /** Returns the revision of the change. @param tag of the resource as it was read; undefined creates it */
  async putResource(name: string, value: Omit<StoredResource, 'tag'>, tag: string | undefined): Promise<string> {
    const precondition: Record<string, string> = tag === undefined ? { 'if-none-match': '*' } : { 'if-match': tag };
    const answer = await this.#call('PUT', this.#pathOf(name), precondition, value);
    await this.#read(answer);
    return (answer.headers.get('etag') ?? '').replaceAll('"', '');
  }

  async deleteResource(name: string): Promise<void> {
    const answer = await this.#call('DELETE', this.#pathOf(name), { 'if-match': '*' });
    if (answer.status !== 404) await this.#read(answer);
  }

  /** One node's own account; which node answers is the balancer's choice. */
  async readNode(): Promise<NodeSummary> {
    return await this.#read<NodeSummary>(await this.#call('GET', managementPaths.node));
  }

  #pathOf(name: string): string {
    return `${managementPaths.databaseResources}/${encodeURIComponent(name)}`;
  }

  async #call(method: string, path: string, headers: Record<string, string> = {}, body?: object): Promise<Response> {
    const { url, user, password } = this.access;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const seen: Record<string, string> = this.#revision === '' ? {} : { 'spectrum-revision': this.#revision };
    try {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: { authorization, ...type, ...seen, ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });
      this.#revision = answer.headers.get('spectrum-revision') ?? this.#revision;
      return answer;
    } catch (cause) {
      const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
      throw new CommandError('dataRefused', `${url} does not answer: ${reason}`, { cause });
    }
  }

  async #read<Body>(answer: Response): Promise<Body> {
    const text = await answer.text();
    if (answer.ok) return (text === '' ? {} : JSON.parse(text)) as Body;
    throw new CommandError('dataRefused', `${answer.url} answered ${answer.status}: ${sentenceIn(text)}`);
  }
}

function sentenceIn(text: string): string {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message ?? text);
  } catch {
    return text.slice(0, 300);
  }
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
