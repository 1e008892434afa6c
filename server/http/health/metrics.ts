import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { durationBoundsSeconds, type RequestMeter } from '../rest/request-meter.ts';
import type { MetricsPage, NodeGauges } from './gauges.ts';

/** Everything a monitoring system reads from one process. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #meter: RequestMeter;

  constructor(meter: RequestMeter, gauges: NodeGauges) {
    this.#meter = meter;
    collectDefaultMetrics({ register: this.#registry });
    this.#addGauge('spectrum_configuration_revision', 'Revision of this copy of the configuration', () =>
      gauges.configurationRevision(),
    );
    this.#addGauge(
      'spectrum_configuration_age_seconds',
      'Time since this copy was last known to be complete',
      () => gauges.configurationAgeMs() / 1_000,
    );
    this.#addDatabases(gauges);
    this.#addDatabaseReads(gauges);
    this.#addRequests(meter);
  }

  async page(): Promise<MetricsPage> {
    const text = await this.#registry.metrics();
    return { contentType: this.#registry.contentType, text: `${text}\n${formatDurations(this.#meter)}` };
  }

  #addGauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  #addDatabases(gauges: NodeGauges): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'spectrum_database_info',
      help: 'Open vintage of each database resource; always 1',
      labelNames: ['resource', 'database', 'vintage'],
      registers,
      collect() {
        this.reset();
        for (const { name, database, vintage } of gauges.databases())
          this.set({ resource: name, database, vintage }, 1);
      },
    });
  }

  /** The share of `from="cache"` is the hit rate of the block cache. */
  #addDatabaseReads(gauges: NodeGauges): void {
    new Counter({
      name: 'spectrum_database_reads_total',
      help: 'Reads of streets and addresses, answered from the block cache or after reading the file',
      labelNames: ['resource', 'from'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { name, cached, loaded } of gauges.databaseReads()) {
          this.inc({ resource: name, from: 'cache' }, cached);
          this.inc({ resource: name, from: 'file' }, loaded);
        }
      },
    });
  }

  #addRequests(meter: RequestMeter): void {
    const registers = [this.#registry];
    new Counter({
      name: 'spectrum_rows_total',
      help: 'Input rows answered',
      labelNames: ['service'],
      registers,
      collect() {
        this.reset();
        for (const [service, { rows }] of meter.services) this.inc({ service }, rows);
      },
    });
    new Counter({
      name: 'spectrum_errors_total',
      help: 'Requests refused or failed, by error code',
      labelNames: ['code'],
      registers,
      collect() {
        this.reset();
        for (const [code, count] of meter.errors) this.inc({ code }, count);
      },
    });
  }
}

/** The histogram of request durations, written by hand because it is also counted by hand. */
function formatDurations({ services }: RequestMeter): string {
  const name = 'spectrum_request_duration_seconds';
  const lines = [`# HELP ${name} Time from the headers of a service request to its answer`, `# TYPE ${name} histogram`];
  for (const [service, { buckets, seconds, requests }] of services) {
    let sum = 0;
    buckets.forEach((count, index) => {
      sum += count;
      lines.push(`${name}_bucket{service="${service}",le="${durationBoundsSeconds[index] ?? '+Inf'}"} ${sum}`);
    });
    lines.push(`${name}_sum{service="${service}"} ${seconds}`, `${name}_count{service="${service}"} ${requests}`);
  }
  return `${lines.join('\n')}\n`;
}
