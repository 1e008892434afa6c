import type { ObjectValue } from '../../contract/kinds.ts';

type Trigger = ObjectValue<'schedule'>['trigger'];

/** Which fields a kind of trigger needs, and which it may have besides. */
const triggerFields: Readonly<Record<Trigger['kind'], { needs: readonly Part[]; takes: readonly Part[] }>> = {
  once: { needs: ['at'], takes: [] },
  cron: { needs: ['pattern'], takes: ['start', 'end'] },
  interval: { needs: ['every', 'unit', 'start'], takes: ['end'] },
  'control-file': { needs: ['file'], takes: [] },
};

type Part = 'at' | 'pattern' | 'every' | 'unit' | 'start' | 'end' | 'file';
const parts: readonly Part[] = ['at', 'pattern', 'every', 'unit', 'start', 'end', 'file'];

/** What the fields of a schedule, each allowed for itself, do not allow together: the field and a sentence behind it. */
export function findScheduleProblem({
  trigger,
}: ObjectValue<'schedule'>): readonly [field: string, problem: string] | undefined {
  const { kind, timeZone, pattern } = trigger;
  const { needs, takes } = triggerFields[kind];
  const missing = needs.find((part) => trigger[part] === undefined);
  if (missing !== undefined) return [`trigger.${missing}`, `is missing; a trigger ${kind} needs ${needs.join(', ')}`];
  const other = parts.find((part) => trigger[part] !== undefined && ![...needs, ...takes].includes(part));
  if (other !== undefined) {
    return [`trigger.${other}`, `is not for a trigger ${kind}; it has ${[...needs, ...takes].join(', ')}`];
  }
  if (!isTimeZone(timeZone)) {
    return ['trigger.timeZone', `${JSON.stringify(timeZone)} is not allowed; use an IANA name such as Europe/Berlin`];
  }
  const notADay = (['at', 'start', 'end'] as const).find((part) => !isDay(trigger[part]));
  if (notADay !== undefined) return [`trigger.${notADay}`, `${trigger[notADay]} is a day that its month does not have`];
  const problem = pattern === undefined ? undefined : findPatternProblem(pattern);
  return problem === undefined ? undefined : ['trigger.pattern', problem];
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function isDay(localTime: string | undefined): boolean {
  if (localTime === undefined) return true;
  const day = localTime.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

interface CronPart {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
  /** Besides numbers, ranges and steps. */
  readonly special?: RegExp;
  readonly specialAllowed?: string;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const cronParts: readonly CronPart[] = [
  { name: 'second', least: 0, most: 59, names: [] },
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day of month', least: 1, most: 31, names: [], special: /^L$/, specialAllowed: 'L for the last day' },
  { name: 'month', least: 1, most: 12, names: months },
  {
    name: 'day of week',
    least: 0,
    most: 7,
    names: weekdays,
    special: /^(SUN|MON|TUE|WED|THU|FRI|SAT|[0-6])(#[1-5]|L)$/,
    specialAllowed: 'FRI#2 for the second Friday, FRIL for the last',
  },
];

/** Undefined for a pattern of five or six fields that can be read. */
function findPatternProblem(pattern: string): string | undefined {
  const fields = pattern.toUpperCase().trim().split(/\s+/);
  if (fields.length < 5 || fields.length > 6) {
    return `${JSON.stringify(pattern)} has ${fields.length} fields; use 5, or 6 with seconds, such as 30 2 * * MON-FRI`;
  }
  const wanted = cronParts.slice(cronParts.length - fields.length);
  const at = wanted.findIndex((part, index) => !isField(part, fields[index] ?? ''));
  const part = wanted[at];
  return part && `${JSON.stringify(fields[at])} is not allowed as ${part.name}; use ${describe(part)}`;
}

function isField(part: CronPart, field: string): boolean {
  return field.split(',').every((item) => isItem(part, item));
}

function isItem(part: CronPart, item: string): boolean {
  if (part.special?.test(item)) return true;
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  const isStep = step === undefined || (Number(step) >= 1 && Number(step) <= part.most - part.least);
  if (range === '*') return isStep;
  const [from = -1, to, ...more] = range.split('-').map((word) => numberIn(part, word));
  const isRange = from >= part.least && (to === undefined || (to >= from && to <= part.most)) && from <= part.most;
  return isRange && isStep && more.length === 0 && (step === undefined || to !== undefined);
}

function numberIn({ names, least }: CronPart, word: string): number {
  if (/^\d{1,2}$/.test(word)) return Number(word);
  const place = names.indexOf(word);
  return place < 0 ? -1 : place + least;
}

function describe({ least, most, names, specialAllowed }: CronPart): string {
  const named = names.length === 0 ? '' : `, ${names[0]} to ${names.at(-1)}`;
  return `* or ${least} to ${most}${named}, lists by commas, ranges, steps as */5${specialAllowed ? `, ${specialAllowed}` : ''}`;
}
