import { healthPaths } from '../../../contract/health.ts';
import type { TimeAnswer } from '../../../contract/watching.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Route } from '../route.ts';
import { PreciseTime, stampUncertaintyMs, toWallMs } from './precise-time.ts';

/** Whether the node wants requests, and if not, why; worked out elsewhere, only told here. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface HealthProps {
  readonly nodeName: string;
  readonly clock: Clock;
  readiness(): ReadinessReport;
  /** What the platform says of the clock; undefined where none does. */
  platformClock(): TimeAnswer['clock'];
  /** Text in the exposition format of Prometheus. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What balancers, Lambdas and monitoring ask a node. No credentials: the deployment closes the port to others. */
export function healthRoutes({ nodeName, clock, readiness, platformClock, metrics }: HealthProps): readonly Route[] {
  const time = new PreciseTime(clock);
  return [
    {
      method: 'GET',
      path: healthPaths.live,
      handler: (_request, reply) => reply.type(json).send({ live: true, node: nodeName }),
    },
    {
      method: 'GET',
      path: healthPaths.ready,
      handler: (_request, reply) => {
        const { ready, reasons, facts } = readiness();
        return reply
          .code(ready ? 200 : 503)
          .type(json)
          .send({ ready, reasons, node: nodeName, ...facts });
      },
    },
    {
      // The four-timestamp exchange: the caller keeps its own t0 and notes t3 when the answer comes.
      method: 'GET',
      path: healthPaths.time,
      handler: (request, reply) => {
        const receivedMs = clock.monotonicMs();
        const comparison = time.comparison();
        const t0 = new URLSearchParams(request.raw.url?.split('?')[1]).get('t0');
        const times = {
          node: nodeName,
          t0: t0 === null || !/^[\d.]{1,24}$/.test(t0) ? undefined : Number(t0),
          t1: toWallMs(receivedMs, comparison),
          uncertaintyMs: stampUncertaintyMs(comparison),
          clock: platformClock(),
        };
        return reply
          .type(json)
          .header('cache-control', 'no-store')
          .send({ ...times, t2: toWallMs(clock.monotonicMs(), comparison) });
      },
    },
    {
      method: 'GET',
      path: healthPaths.metrics,
      handler: async (_request, reply) => {
        const { contentType, text } = await metrics();
        return reply.type(contentType).send(text);
      },
    },
  ];
}

const json = 'application/json;charset=utf-8';
