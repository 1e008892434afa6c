import { existsSync } from 'node:fs';
import { dataFolder } from './geocoding-brute-force.ts';
import { otherParsers, parserWith, parseWith } from './parsing-parsers.ts';
import { type LabelledRow, type LabelSet, loadLabelSets, type Parts } from './parsing-rows.ts';
import type { AccuracyReport } from './report.ts';
import { buildStarterDatabase } from './starter-database.ts';

type Part = keyof Parts;

/** How much of a row must be right. Sets differ in how they divide a street, so it is also compared as a whole. */
const levels: Readonly<Record<string, readonly Part[]>> = {
  'whole-row': [
    'houseNumber',
    'predirectional',
    'name',
    'suffix',
    'postdirectional',
    'units',
    'city',
    'state',
    'zip',
    'zip4',
  ],
  'whole-street-row': ['houseNumber', 'street', 'units', 'city', 'state', 'zip', 'zip4'],
};

interface Score {
  readonly set: LabelSet;
  readonly level: string;
  /** Right rows by parser. */
  readonly right: ReadonlyMap<string, number>;
}

const ours = 'ours';

/** Every label set through our parser and those of other packages, by the same rules. */
export async function measureParsing(): Promise<AccuracyReport> {
  if (!existsSync(dataFolder)) {
    process.stderr.write('SKIPPED: accuracy parsing needs ../shared/data, which is not here\n');
    return { suite: 'parsing', measures: [], notes: ['skipped: ../shared/data is not here'], failures: [] };
  }
  const { database, close } = await buildStarterDatabase();
  const parsers = { [ours]: parserWith(database), ...otherParsers };
  const scores: Score[] = [];
  const failures: string[] = [];
  for (const set of loadLabelSets()) {
    const answers = new Map<string, readonly (Parts | undefined)[]>();
    for (const [name, parser] of Object.entries(parsers)) {
      answers.set(name, await Promise.all(set.rows.map(({ input }) => parseWith(parser, input))));
    }
    for (const [level, parts] of Object.entries(levels)) {
      if (level === 'whole-row' && !set.isDivided) continue;
      const isRightAt = (name: string) => set.rows.map((row, at) => isRight(row, answers.get(name)?.[at], parts));
      const right = new Map(Object.keys(parsers).map((name) => [name, isRightAt(name).filter(Boolean).length]));
      scores.push({ set, level, right });
    }
    set.rows.forEach((row, at) => {
      const got = answers.get(ours)?.[at];
      const wrong = listWrong(row, got, levels[set.isDivided ? 'whole-row' : 'whole-street-row'] ?? []);
      if (wrong.length > 0) failures.push(describe(set.name, row, got, wrong));
    });
  }
  await close();
  return { suite: 'parsing', measures: scores.flatMap(toMeasures), notes: scores.map(toNote), failures };
}

function isRight(row: LabelledRow, got: Parts | undefined, parts: readonly Part[]): boolean {
  return listWrong(row, got, parts).length === 0;
}

/** The parts that differ from the reading they are closest to. */
function listWrong({ readings }: LabelledRow, got: Parts | undefined, parts: readonly Part[]): readonly Part[] {
  const all = readings.map((wanted) =>
    parts.filter((part) => wanted[part] !== undefined && wanted[part] !== (got?.[part] ?? '')),
  );
  return all.reduce((least, wrong) => (wrong.length < least.length ? wrong : least));
}

function toMeasures({ set, level, right }: Score) {
  const share = (name: string) => (100 * (right.get(name) ?? 0)) / set.rows.length;
  const others = Object.keys(otherParsers);
  const best = Math.max(...others.map(share));
  const measure = `${set.name}-${level}`;
  const prefix = level === 'whole-row' ? set.name : measure;
  return [
    { measure, value: share(ours), unit: '%', baseline: `best other parser: ${best.toFixed(2)} %` },
    { measure: `${prefix}-ahead-of-best-npm`, value: share(ours) - best, unit: 'points' },
    ...others.map((name) => ({ measure: `${measure}-${name}`, value: share(name), unit: '%' })),
    ...(level === 'whole-street-row' ? [{ measure: `${set.name}-rows`, value: set.rows.length, unit: 'rows' }] : []),
  ];
}

function toNote({ set, level, right }: Score): string {
  const counts = [...right].map(([name, count]) => `${name} ${count}`).join(', ');
  return `${set.name} ${level}: of ${set.rows.length}: ${counts}`;
}

function describe(set: string, row: LabelledRow, got: Parts | undefined, wrong: readonly Part[]): string {
  const parts = wrong.map((part) => `${part}: wanted "${row.readings[0]?.[part]}", got "${got?.[part] ?? ''}"`);
  return `${set}: ${row.input.replaceAll('\n', ' / ')}: ${parts.join('; ')}`;
}
