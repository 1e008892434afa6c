import type { ServiceAccess, ServiceCaller, ServiceRow, ServiceRows, ServiceUse } from '../dataflow/index.ts';
import type { ServiceCall } from './service-threads.ts';

export interface RemoteServicesProps {
  /** Services of this node, all of them: they tell which options are right, wherever the calls go. */
  readonly local: ServiceAccess;
  /** Names of those that nodes of other groups run. */
  readonly elsewhere: ReadonlySet<string>;
  /** Options saved for a service when the run was submitted. */
  savedOptions(service: string): Readonly<Record<string, string>>;
  /** Passes a call on to a node of the group. */
  call(request: Omit<ServiceCall, 'call'>): Promise<ServiceRows>;
}

/** Characters of the records of one call: the other node answers somebody else in between. */
const longestCall = 1_000_000;

/** Services for the stages of one run, some of which nodes of other groups run. */
export class RemoteServices implements ServiceAccess {
  readonly #props: RemoteServicesProps;

  constructor(props: RemoteServicesProps) {
    this.#props = props;
  }

  open(service: string, given: Readonly<Record<string, string>>, use?: ServiceUse): ServiceCaller {
    const { local, elsewhere, savedOptions } = this.#props;
    if (!elsewhere.has(service)) return local.open(service, given, use);
    // Refuses an unknown service and wrong options before anything is sent.
    local.open(service, given);
    const request = { service, options: { ...savedOptions(service), ...given }, fields: use?.fields ?? [] };
    return { call: (rows) => this.#call(request, rows) };
  }

  async #call(request: Request, rows: readonly ServiceRow[]): Promise<ServiceRows> {
    const text = JSON.stringify(rows);
    if (text.length <= longestCall || rows.length === 1) return this.#props.call({ ...request, rows: text });
    const middle = Math.ceil(rows.length / 2);
    const first = await this.#call(request, rows.slice(0, middle));
    return [...first, ...(await this.#call(request, rows.slice(middle)))];
  }
}

type Request = Omit<ServiceCall, 'call' | 'rows'>;
