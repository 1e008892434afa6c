import type { ManifestCounts } from '../reference-data/index.ts';
import type { ReportProgress } from './build.ts';
import type { MergeReport } from './merge.ts';

interface BuildOutcome {
  readonly folder: string;
  readonly database: string;
  readonly vintage: string;
  /** False when the vintage was there already. */
  readonly isNew: boolean;
  readonly counts: ManifestCounts;
  readonly leftOut: readonly MergeReport[];
}

/** Where a build tells how far it is. */
interface Output {
  readonly progress: ReportProgress;
  finish(outcome: BuildOutcome): void;
}

/** `json` prints one object a line: `{"step","done","total"}`, at the end `{"step":"done", …outcome}`. */
export function createOutput(form: 'text' | 'json'): Output {
  const write = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  if (form === 'json') {
    return {
      progress: (step, done, total) => write(JSON.stringify({ step, done, total })),
      finish: (outcome) => write(JSON.stringify({ step: 'done', ...outcome })),
    };
  }
  return {
    progress(step, done, total) {
      if (done === total && total > 1) write(`${step}: ${total}`);
    },
    finish: (outcome) => write(describe(outcome)),
  };
}

function describe({ folder, isNew, counts, leftOut }: BuildOutcome): string {
  const lines = [
    `${folder} ${isNew ? 'is built' : 'was there already'}: ${counts.postalCodes} ZIP Codes, ${counts.streets} streets, ${counts.points} points, ${counts.ranges} ranges`,
    ...leftOut.map(
      ({ reason, count, firstPlaces }) =>
        `left out ${count}: ${reason} (${firstPlaces.join(', ')}${count > firstPlaces.length ? ', …' : ''})`,
    ),
  ];
  return lines.join('\n');
}
