import { Agent, get } from 'node:http';
import { healthLimits, healthPaths } from '../../contract/health.ts';
import type { TimeAnswer } from '../../contract/watching.ts';

/** Four stamps: sent and received back by this clock, arrived and answered by the node's. Milliseconds since 1970. */
export interface Exchange {
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  /** How far the node says that `t1` and `t2` can be from its clock; undefined when it does not say. */
  readonly uncertaintyMs?: number | undefined;
}

export interface NodeTimes {
  readonly node: string;
  readonly exchanges: readonly Exchange[];
  /** The last answer's word of the platform. */
  readonly clock: TimeAnswer['clock'];
}

/** Wall clock that a step during the check does not move: the start by the wall, the rest by the monotonic clock. */
export function startClock(): () => number {
  const startMs = Date.now() - performance.now();
  return () => startMs + performance.now();
}

/** Exchanges stamps with one node `count` times over one kept-alive connection; rejects when the node does not answer. */
export async function exchangeTimes(
  address: string,
  port: number,
  count: number,
  nowMs: () => number,
): Promise<NodeTimes> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    // The first one opens the connection, which its round trip would count in.
    let { answer } = await exchangeOnce(address, port, agent, nowMs);
    const exchanges: Exchange[] = [];
    while (exchanges.length < count) {
      const next = await exchangeOnce(address, port, agent, nowMs);
      answer = next.answer;
      const { t1, t2, uncertaintyMs } = answer;
      exchanges.push({ t0: next.t0, t1, t2, t3: next.t3, uncertaintyMs });
    }
    return { node: answer.node, exchanges, clock: answer.clock };
  } finally {
    agent.destroy();
  }
}

interface Stamped {
  readonly t0: number;
  readonly t3: number;
  readonly answer: TimeAnswer;
}

function exchangeOnce(host: string, port: number, agent: Agent, nowMs: () => number): Promise<Stamped> {
  return new Promise((resolve, reject) => {
    const t0 = nowMs();
    const request = get({ host, port, agent, path: `${healthPaths.time}?t0=${t0}`, timeout: healthLimits.timeoutMs });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${healthLimits.timeoutMs} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      // Headers and this small body leave the node in one piece, so their arrival is the answer's.
      const t3 = nowMs();
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('error', reject);
      response.on('end', () => {
        const answer = parseAnswer(body);
        if (response.statusCode === 200 && answer) resolve({ t0, t3, answer });
        else reject(new Error(`${response.statusCode} is not an answer of ${healthPaths.time}: ${body.slice(0, 200)}`));
      });
    });
  });
}

function parseAnswer(body: string): TimeAnswer | undefined {
  try {
    const answer = JSON.parse(body) as Partial<TimeAnswer> | null;
    const isTime = typeof answer?.t1 === 'number' && typeof answer.t2 === 'number' && typeof answer.node === 'string';
    const isBounded = answer?.uncertaintyMs === undefined || Number(answer.uncertaintyMs) >= 0;
    return isTime && isBounded ? (answer as TimeAnswer) : undefined;
  } catch {
    return undefined;
  }
}
