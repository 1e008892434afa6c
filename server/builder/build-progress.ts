/** How far a step is: records so far, records a second, seconds left by the share done. */
export interface StepProgress {
  readonly step: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** 0 to 1. */
  readonly share: number;
  readonly secondsLeft: number;
  readonly state: 'running' | 'done' | 'kept';
}

const intervalMs = 1_000;

/** Tells at most once a second how far a build is. */
export class BuildProgress {
  constructor(
    readonly tell: (progress: StepProgress) => void,
    readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A step that an earlier builder finished. */
  keep(step: string, records: number): void {
    this.tell({ step, records, recordsPerSecond: 0, share: 1, secondsLeft: 0, state: 'kept' });
  }

  /** @param total what the first number of `report` reaches at the end */
  begin(
    step: string,
    total: number,
  ): { readonly report: (done: number, records: number) => void; readonly end: (records: number) => void } {
    const startMs = this.nowMs();
    let lastMs = startMs;
    const tell = (share: number, records: number, state: StepProgress['state']): void => {
      const seconds = Math.max(0.001, (this.nowMs() - startMs) / 1_000);
      const secondsLeft = share > 0 ? Math.round((seconds * (1 - share)) / share) : 0;
      this.tell({ step, records, recordsPerSecond: Math.round(records / seconds), share, secondsLeft, state });
    };
    return {
      report: (done, records) => {
        if (this.nowMs() - lastMs < intervalMs) return;
        lastMs = this.nowMs();
        tell(total === 0 ? 0 : Math.min(1, done / total), records, 'running');
      },
      end: (records) => tell(1, records, 'done'),
    };
  }
}
