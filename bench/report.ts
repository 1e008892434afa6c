/** One figure, in the form that the checks of the targets read: one JSON line. */
interface Measure {
  readonly suite: string;
  readonly measure: string;
  readonly value?: number;
  readonly unit?: string;
  /** What the figure is compared with, measured in the same run. */
  readonly baseline?: { readonly name: string; readonly value: number };
  /** Value over baseline. */
  readonly ratio?: number;
  /** Why there is no value. */
  readonly skipped?: string;
}

/** Where a suite says what it found: figures to stdout, everything else to stderr. */
export interface Report {
  add(measure: Measure): void;
  note(sentence: string): void;
}

export function createReport(format: 'json' | 'text'): Report {
  return {
    add: (measure) => console.log(format === 'json' ? JSON.stringify(measure) : formatMeasure(measure)),
    note: (sentence) => console.error(sentence),
  };
}

/** The middle of several figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function formatMeasure({ suite, measure, value, unit, baseline, ratio, skipped }: Measure): string {
  const name = `${suite}/${measure}`.padEnd(44);
  if (skipped !== undefined) return `${name} skipped: ${skipped}`;
  const figure = `${round(value)} ${unit ?? ''}`.trim();
  const compared = baseline && ` · ${baseline.name} ${round(baseline.value)} · ratio ${round(ratio)}`;
  return `${name} ${figure}${compared ?? ''}`;
}

function round(value: number | undefined): string {
  if (value === undefined) return '–';
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
