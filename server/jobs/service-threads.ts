import type { ServiceAccess, ServiceCaller, ServiceRow, ServiceRows, ServiceUse } from '../dataflow/index.ts';
import { SpectrumError } from '../foundation/errors.ts';

/** What a thread is asked. Rows travel as JSON text: it is copied in one piece, objects member by member. */
export interface ServiceCall {
  readonly call: number;
  readonly service: string;
  readonly options: Readonly<Record<string, string>>;
  readonly fields: readonly string[];
  readonly rows: string;
}

export type ServiceReply =
  | { readonly call: number; readonly answers: string }
  | { readonly call: number; readonly error: ServiceFailure };

interface ServiceFailure {
  readonly sentence: string;
  readonly known?: Pick<SpectrumError, 'code' | 'facts'>;
}

/** A thread that answers calls of services. */
export interface ServiceThread {
  send(call: ServiceCall): void;
  onReply(receive: (reply: ServiceReply) => void): void;
  /** Called once when nothing more will come. */
  onEnd(tell: (why: string) => void): void;
  stop(): Promise<void>;
}

/** Services for the stages of one run: those of one instance in its own thread, others in threads that all of them share. */
export class ServiceThreads implements ServiceAccess {
  readonly #local: ServiceAccess;
  readonly #start: () => ServiceThread;
  readonly #threads: CallingThread[] = [];

  constructor(local: ServiceAccess, start: () => ServiceThread) {
    this.#local = local;
    this.#start = start;
  }

  open(service: string, options: Readonly<Record<string, string>>, use?: ServiceUse): ServiceCaller {
    // Refuses an unknown service and wrong options before any thread is started.
    const local = this.#local.open(service, options, use);
    if (use === undefined || use.instances === 1) return local;
    const { fields, instances } = use;
    while (this.#threads.length < instances) this.#threads.push(new CallingThread(this.#start()));
    return { call: (rows) => this.#idlest().call({ service, options, fields, rows: JSON.stringify(rows) }) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #idlest(): CallingThread {
    return this.#threads.reduce((idlest, thread) => (thread.callsUnderWay < idlest.callsUnderWay ? thread : idlest));
  }
}

interface Waiting {
  resolve(rows: ServiceRows): void;
  reject(error: Error): void;
}

/** The asking side of a thread. */
export class CallingThread {
  readonly #thread: ServiceThread;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: string | undefined;

  constructor(thread: ServiceThread) {
    this.#thread = thread;
    thread.onReply((reply) => this.#settle(reply));
    thread.onEnd((why) => {
      this.#ended = why;
      for (const { reject } of this.#waiting.values()) reject(new Error(why));
    });
  }

  get callsUnderWay(): number {
    return this.#waiting.size;
  }

  call(request: Omit<ServiceCall, 'call'>): Promise<ServiceRows> {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended));
    const call = ++this.#calls;
    const answer = new Promise<ServiceRows>((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
    this.#thread.send({ call, ...request });
    return answer;
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  #settle(reply: ServiceReply): void {
    const waiting = this.#waiting.get(reply.call);
    this.#waiting.delete(reply.call);
    if ('answers' in reply) waiting?.resolve(JSON.parse(reply.answers) as ServiceRows);
    else waiting?.reject(toError(reply.error));
  }
}

function toError({ sentence, known }: ServiceFailure): Error {
  return known === undefined ? new Error(sentence) : new SpectrumError(known.code, sentence, known.facts);
}

/** The answering side: what a thread does with the calls that come to it. */
export function createCallAnswerer(services: ServiceAccess): (call: ServiceCall) => Promise<ServiceReply> {
  const callers = new Map<string, ServiceCaller>();
  return async ({ call, service, options, fields, rows }) => {
    try {
      const key = JSON.stringify([service, options, fields]);
      const caller = callers.get(key) ?? services.open(service, options, { fields, instances: 1 });
      callers.set(key, caller);
      const answers = await caller.call(JSON.parse(rows) as ServiceRow[]);
      return { call, answers: JSON.stringify(answers.map((some) => some.map((one) => pick(one, fields)))) };
    } catch (error) {
      return { call, error: toFailure(error) };
    }
  };
}

/** What is not read need not travel. */
function pick(answer: ServiceRow, fields: readonly string[]): ServiceRow {
  const picked: Record<string, string | undefined> = {};
  for (const name of fields) picked[name] = answer[name];
  return picked;
}

/** What an error is to the other side of a thread. */
export function toFailure(error: unknown): ServiceFailure {
  if (error instanceof SpectrumError) {
    const { code, message, facts } = error;
    return { sentence: message, known: { code, facts } };
  }
  return { sentence: error instanceof Error ? error.message : String(error) };
}
