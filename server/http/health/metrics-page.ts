import type { RequestMeter } from '../rest/request-meter.ts';
import type { Metrics } from './metrics.ts';

/** Numbers that the node's other rooms keep; read when somebody asks. */
export interface NodeGauges {
  configurationRevision(): number;
  configurationAgeMs(): number;
  /** One entry for each open vintage. */
  databases(): readonly OpenDatabase[];
}

interface OpenDatabase {
  readonly name: string;
  readonly database: string;
  readonly vintage: string;
}

/** Text in the exposition format of Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** The function behind `/metrics`. The metrics library is loaded by the first scrape, not by the start of the node. */
export function createMetricsPage(meter: RequestMeter, gauges: NodeGauges): () => Promise<MetricsPage> {
  let metrics: Promise<Metrics> | undefined;
  return async () => {
    metrics ??= import('./metrics.ts').then((loaded) => new loaded.Metrics(meter, gauges));
    return (await metrics).page();
  };
}
