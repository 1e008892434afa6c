/** Upper bounds of the duration classes, seconds: from one row out of memory to a batch from a slow file system. */
export const durationBoundsSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/**
 * Counts the answered requests of one service. A histogram of the metrics library costs a microsecond or two at each
 * observation, a tenth of a whole call; this one adds to three numbers and is read when somebody asks.
 */
export class ServiceMeter {
  readonly buckets = new Float64Array(durationBoundsSeconds.length + 1);
  rows = 0;
  seconds = 0;
  requests = 0;

  record(rows: number, durationMs: number): void {
    const seconds = durationMs / 1_000;
    this.requests += 1;
    this.rows += rows;
    this.seconds += seconds;
    let bucket = 0;
    while (bucket < durationBoundsSeconds.length && seconds > (durationBoundsSeconds[bucket] as number)) bucket += 1;
    this.buckets[bucket] = (this.buckets[bucket] as number) + 1;
  }
}

/** All counts of this process since it started. */
export class RequestMeter {
  readonly services = new Map<string, ServiceMeter>();
  /** Refusals and failures by error code. */
  readonly errors = new Map<string, number>();

  of(service: string): ServiceMeter {
    const meter = this.services.get(service) ?? new ServiceMeter();
    this.services.set(service, meter);
    return meter;
  }

  countError(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}
