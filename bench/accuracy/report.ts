interface Measure {
  readonly measure: string;
  readonly value: number;
  readonly unit: string;
  /** What the value is to be seen beside. */
  readonly baseline?: string;
}

export interface AccuracyReport {
  readonly suite: string;
  readonly measures: readonly Measure[];
  /** What a reader of the table should know, such as how many rows were left out and why. */
  readonly notes: readonly string[];
  /** One line for each row that did not come back. */
  readonly failures: readonly string[];
}
