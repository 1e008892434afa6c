/** What one stage has done so far. */
export interface StageCounters {
  readonly stage: string;
  readonly label: string;
  readonly type: string;
  /** Rows taken in, by input port; for a source, rows read. */
  readonly recordsRead: number;
  /** Rows given, by output port; for a sink, rows written are those taken in. */
  readonly recordsWritten: Readonly<Record<string, number>>;
  readonly malformedRecords: number;
  /** Time at work, waiting for other stages left out. */
  readonly busyMs: number;
  readonly isFinished: boolean;
}

/** Counts while a stage works. */
export class StageMeter {
  recordsRead = 0;
  malformedRecords = 0;
  busyMs = 0;
  isFinished = false;
  readonly recordsWritten = new Map<string, number>();

  constructor(
    readonly stage: string,
    readonly label: string,
    readonly type: string,
  ) {}

  wrote(port: string, count: number): void {
    this.recordsWritten.set(port, (this.recordsWritten.get(port) ?? 0) + count);
  }

  read(): StageCounters {
    const { stage, label, type, recordsRead, malformedRecords, busyMs, isFinished } = this;
    const recordsWritten = Object.fromEntries(this.recordsWritten);
    return {
      stage,
      label,
      type,
      recordsRead,
      recordsWritten,
      malformedRecords,
      busyMs: Math.round(busyMs),
      isFinished,
    };
  }

  /** Counts on from what an earlier owner of the run had counted. */
  restore(counters: StageCounters): void {
    this.recordsRead = counters.recordsRead;
    this.malformedRecords = counters.malformedRecords;
    this.busyMs = counters.busyMs;
    for (const [port, count] of Object.entries(counters.recordsWritten)) this.recordsWritten.set(port, count);
  }
}
