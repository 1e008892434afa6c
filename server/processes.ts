import cluster from 'node:cluster';
import { environment } from '../contract/environment.ts';
import { Readiness, WorkerGroup } from './cluster/index.ts';
import { systemClock } from './foundation/clock.ts';
import type { Log } from './foundation/log.ts';
import { createHealthServer, mergeMetrics, PlatformClock, portOf, RequestMeter } from './http/index.ts';
import type { NodeSettings } from './settings.ts';

const workersReady = 'worker processes ready';
const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * One node of several processes: the workers serve the main port together, this parent starts and replaces them and
 * answers the health port for all. Returns once the node is ready.
 */
export async function runProcesses(settings: NodeSettings, log: Log): Promise<void> {
  const group = new WorkerGroup({
    source: cluster,
    count: settings.processes,
    variables: { [environment.healthPort]: '' },
    log,
  });
  const readiness = new Readiness([workersReady]);
  const healthServer =
    settings.healthPort === undefined ? undefined : openHealthServer(settings, group, readiness, log);
  leaveWhenTold(group, readiness, async () => healthServer?.close());
  await healthServer?.listen({ host: settings.host, port: settings.healthPort ?? 0 });
  const port = await group.start();
  readiness.done(workersReady);
  log.info({ port, processes: settings.processes }, 'The processes of the node answer');
  process.send?.({ ready: true, port, healthPort: healthServer && portOf(healthServer) });
}

function openHealthServer(settings: NodeSettings, group: WorkerGroup, readiness: Readiness, log: Log) {
  const platformClock = settings.metadataUri === '' ? undefined : new PlatformClock(settings.metadataUri);
  const health = {
    nodeName: settings.nodeName,
    clock: systemClock,
    platformClock: () => platformClock?.latest(),
    readiness() {
      const processes = group.readyCount();
      const reasons = [...readiness.reasons(), ...(processes === 0 ? ['no worker process is ready'] : [])];
      return { ready: reasons.length === 0, reasons, facts: { processes } };
    },
    metrics: async () => ({ contentType: metricsType, text: mergeMetrics(await group.metrics()) }),
  };
  const isDraining = () => readiness.isDraining();
  return createHealthServer(health, { log, meter: new RequestMeter(), accessLog: false, isDraining });
}

function leaveWhenTold(group: WorkerGroup, readiness: Readiness, close: () => Promise<unknown>): void {
  const leave = async () => {
    if (readiness.isDraining()) return;
    readiness.drain();
    await group.leave();
    await close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void leave());
  process.on('SIGINT', () => process.connected || void leave());
  // The workers notice their own parent's end by themselves; here it is the starter that is gone.
  process.on('disconnect', () => void leave());
}
