import { basename } from 'node:path';
import type { Progress } from '../output/progress.ts';
import { runBuilder } from './builder-process.ts';

/** Builds a vintage in the builder's own process and shows how far it is; resolves with its exit code. */
export async function build(script: string, words: readonly string[], progress: Progress): Promise<number> {
  return await runBuilder(script, ['build', ...words, '--progress', 'json'], (line) => tell(line, progress));
}

interface StepLine {
  readonly step: string;
  readonly state?: 'running' | 'done' | 'kept';
  readonly records?: number;
  readonly recordsPerSecond?: number;
  readonly share?: number;
  readonly secondsLeft?: number;
}

type Named = 'firms' | 'urbanizations' | 'streetAliases';
type Counts = Readonly<
  Record<'postalCodes' | 'streets' | 'points' | 'ranges', number> & Partial<Record<Named, number>>
>;

/** Told only where there are some. */
const namedCounts: readonly (readonly [Named, string])[] = [
  ['firms', 'firms'],
  ['urbanizations', 'streets with an urbanization'],
  ['streetAliases', 'street aliases'],
];

interface OutcomeLine {
  readonly step: 'done';
  readonly folder: string;
  readonly counts: Counts;
  readonly rejects: Readonly<Record<string, number>>;
  readonly rejectsPath: string;
  readonly folded: number;
}

function tell(line: string, progress: Progress): void {
  const event = JSON.parse(line) as StepLine | OutcomeLine;
  if ('counts' in event) {
    for (const sentence of describeOutcome(event)) progress.say(sentence);
    return;
  }
  const { state, records = 0, recordsPerSecond = 0, share = 0, secondsLeft = 0 } = event;
  const name = basename(event.step);
  const rate = `${count(records)} records, ${count(recordsPerSecond)}/s`;
  if (state === 'kept') progress.say(`${name}: ${count(records)} records were read before`);
  else if (state === 'done') progress.say(`${name}: ${rate}`);
  else progress.show(name, `${Math.floor(100 * share)} %, ${rate}, ${formatTime(secondsLeft)} left`);
}

function describeOutcome({ folder, counts, rejects, rejectsPath, folded }: OutcomeLine): readonly string[] {
  const { postalCodes, streets, points, ranges } = counts;
  const named = namedCounts.flatMap(([name, words]) => (counts[name] ? [`, ${count(counts[name])} ${words}`] : []));
  return [
    `${folder} is built: ${count(postalCodes)} ZIP Codes, ${count(streets)} streets, ${count(points)} points, ${count(ranges)} ranges${named.join('')}; ${count(folded)} records said what another had said`,
    ...Object.entries(rejects).map(([reason, many]) => `left out ${count(many)}: ${reason}`),
    `every record left out: ${rejectsPath}`,
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function formatTime(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
