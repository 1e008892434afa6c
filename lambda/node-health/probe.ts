import { get } from 'node:http';
import { healthLimits, healthPaths } from '../../contract/health.ts';

/**
 * What a node said when asked directly. `silent`: no answer in time or no connection; `wrong`: an answer that no node
 * gives, so something else listens there or the node is broken.
 */
export type ProbeResult = 'ready' | 'not-ready' | 'wrong' | 'silent';

export interface Probe {
  readonly result: ProbeResult;
  readonly answerMs: number;
  /** The node's own words, for the log. */
  readonly detail: string;
}

const longestAnswerBytes = 64 * 1024;

/** Asks one node whether it is ready; always resolves, within the time limit of the balancer's own check. */
export function probeNode(address: string, port: number): Promise<Probe> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const end = (result: ProbeResult, detail: string) => {
      clearTimeout(deadline);
      request.destroy();
      resolve({ result, detail, answerMs: performance.now() - startedMs });
    };
    const request = get({ host: address, port, path: healthPaths.ready, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > longestAnswerBytes) end('wrong', 'answer too long');
      });
      response.on('end', () =>
        end(judge(response.statusCode ?? 0, body), `${response.statusCode} ${body.slice(0, 500)}`),
      );
      response.on('error', (error) => end('silent', error.message));
    });
    request.on('error', (error) => end('silent', error.message));
    // Over the whole exchange: a node that sends its answer byte by byte is as good as silent.
    const deadline = setTimeout(
      () => end('silent', `no answer within ${healthLimits.timeoutMs} ms`),
      healthLimits.timeoutMs,
    );
  });
}

function judge(status: number, body: string): ProbeResult {
  const ready = readReady(body);
  if (status === 200 && ready === true) return 'ready';
  if (status === 503 && ready === false) return 'not-ready';
  return 'wrong';
}

function readReady(body: string): boolean | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    const ready = typeof answer === 'object' && answer !== null && 'ready' in answer ? answer.ready : undefined;
    return typeof ready === 'boolean' ? ready : undefined;
  } catch {
    return undefined;
  }
}
