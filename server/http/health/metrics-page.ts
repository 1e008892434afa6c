import type { RequestMeter } from '../rest/request-meter.ts';
import type { MetricsPage, NodeGauges } from './gauges.ts';
import type { Metrics } from './metrics.ts';

/** The function behind `/metrics`. The metrics library is loaded by the first scrape, not by the start of the node. */
export function createMetricsPage(meter: RequestMeter, gauges: NodeGauges): () => Promise<MetricsPage> {
  let metrics: Promise<Metrics> | undefined;
  return async () => {
    metrics ??= import('./metrics.ts').then((loaded) => new loaded.Metrics(meter, gauges));
    return (await metrics).page();
  };
}
