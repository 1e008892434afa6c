import { SpectrumError } from '../foundation/errors.ts';

/** Something wrong with a dataflow: where, and a sentence that says what to do. */
export interface Problem {
  /** Id of the stage. */
  readonly stage?: string;
  readonly port?: string;
  readonly field?: string;
  readonly setting?: string;
  readonly sentence: string;
}

/** Throws `INVALID_DATAFLOW` with every problem when there is one. */
export function assertNoProblems(dataflow: string, problems: readonly Problem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new SpectrumError('INVALID_DATAFLOW', `${dataflow}: ${describeProblem(first)}${more}`, { dataflow, problems });
}

/** A problem as one line, its place first. */
export function describeProblem({ stage, port, sentence }: Problem): string {
  const place = [stage && `stage ${stage}`, port && `port ${port}`].filter(Boolean).join(', ');
  return place === '' ? sentence : `${place}: ${sentence}`;
}
