import Big from 'big.js';
import type { FieldType, Value } from '../../dataflow/index.ts';
import { comparisonOfType } from '../spilling/row-order.ts';
import type { GroupOperation, statistics } from './definition.ts';

/** Collects the values of one field in one group. */
export interface Statistic {
  /** Takes a value that is not null. */
  add(value: Value): void;
  /** The result for the group, or for one record of it; null when there is none. */
  result(value: Value): Value;
}

export interface StatisticDefinition {
  readonly takes: readonly FieldType[];
  /** `same` is the type of the field. */
  readonly gives: FieldType | 'same';
  /** Whether each record has a result of its own. */
  readonly isOfRecords?: boolean;
  create(operation: GroupOperation, type: FieldType): Statistic;
}

/** Thrown by a group whose values cannot be worked out; becomes the status of its records. */
export class StatisticFailure extends Error {}

const numbers: readonly FieldType[] = ['integer', 'long', 'float', 'double', 'bigdecimal'];
const texts: readonly FieldType[] = ['string'];
const moments: readonly FieldType[] = ['date', 'time', 'datetime'];

/** Values that percentiles and ranks keep in memory for one group: 8 bytes each. */
const mostValues = 8_000_000;

export const statisticDefinitions: Readonly<Record<(typeof statistics)[number], StatisticDefinition>> = {
  Average: {
    takes: numbers,
    gives: 'double',
    create: () => new Moments(({ count, mean }) => (count > 0 ? mean : null)),
  },
  Maximum: { takes: numbers, gives: 'same', create: (_, type) => best(byValue(type, 1)) },
  Minimum: { takes: numbers, gives: 'same', create: (_, type) => best(byValue(type, -1)) },
  Sum: { takes: numbers, gives: 'same', create: (_, type) => createSum(type) },
  Variance: { takes: numbers, gives: 'double', create: () => new Moments(varianceOf) },
  StandardDeviation: { takes: numbers, gives: 'double', create: () => new Moments(deviationOf) },
  ZScore: { takes: numbers, gives: 'double', isOfRecords: true, create: () => new Moments(zScoreOf) },
  Percentile: {
    takes: numbers,
    gives: 'double',
    create: ({ percentile }) => new Ranking((sorted) => percentileOf(sorted, percentile)),
  },
  PercentRank: { takes: numbers, gives: 'double', isOfRecords: true, create: () => new Ranking(percentRankOf) },
  AlphabeticalFirst: { takes: texts, gives: 'string', create: (_, type) => best(byValue(type, -1)) },
  AlphabeticalLast: { takes: texts, gives: 'string', create: (_, type) => best(byValue(type, 1)) },
  Longest: { takes: texts, gives: 'string', create: () => best((value, known) => lengthOf(value) > lengthOf(known)) },
  Shortest: { takes: texts, gives: 'string', create: () => best((value, known) => lengthOf(value) < lengthOf(known)) },
  Earliest: { takes: moments, gives: 'same', create: (_, type) => best(byValue(type, -1)) },
  Latest: { takes: moments, gives: 'same', create: (_, type) => best(byValue(type, 1)) },
};

function lengthOf(value: Value): number {
  return (value as string).length;
}

function byValue(type: FieldType, sign: 1 | -1) {
  const compare = comparisonOfType(type);
  return (value: Value, known: Value) => compare(value, known) * sign > 0;
}

/** Keeps the first of the best values. */
function best(isBetter: (value: Value, known: Value) => boolean): Statistic {
  let known: Value = null;
  return {
    add(value) {
      if (known === null || isBetter(value, known)) known = value;
    },
    result: () => known,
  };
}

/** Whole numbers and decimals without loss; a whole number's sum has its type's range no more and becomes null beyond it. */
function createSum(type: FieldType): Statistic {
  let count = 0;
  if (type === 'bigdecimal') {
    let total = new Big(0);
    return {
      add(value) {
        count++;
        total = total.plus(value as string);
      },
      result: () => (count > 0 ? total.toFixed() : null),
    };
  }
  let total: number | bigint = type === 'long' ? 0n : 0;
  return {
    add(value) {
      count++;
      total = ((total as number) + (value as number)) as number;
    },
    result: () => (count > 0 && isInRange(total, type) ? total : null),
  };
}

function isInRange(total: number | bigint, type: FieldType): boolean {
  if (type === 'long') return BigInt.asIntN(64, total as bigint) === total;
  return type !== 'integer' || Math.abs(total as number) <= 2_147_483_647;
}

interface MomentsSoFar {
  readonly count: number;
  readonly mean: number;
  /** Sum of squared distances from the mean. */
  readonly squares: number;
}

/** Mean and variance in one pass (Welford). */
class Moments implements Statistic {
  readonly #read: (moments: MomentsSoFar, value: Value) => number | null;
  #count = 0;
  #mean = 0;
  #squares = 0;

  constructor(read: (moments: MomentsSoFar, value: Value) => number | null) {
    this.#read = read;
  }

  add(value: Value): void {
    const number = Number(value);
    this.#count++;
    const distance = number - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (number - this.#mean);
  }

  result(value: Value): number | null {
    return this.#read({ count: this.#count, mean: this.#mean, squares: this.#squares }, value);
  }
}

function varianceOf({ count, squares }: MomentsSoFar): number | null {
  return count > 1 ? squares / (count - 1) : null;
}

function deviationOf(moments: MomentsSoFar): number | null {
  const variance = varianceOf(moments);
  return variance === null ? null : Math.sqrt(variance);
}

function zScoreOf(moments: MomentsSoFar, value: Value): number | null {
  const deviation = deviationOf(moments);
  return value === null || deviation === null || deviation === 0 ? null : (Number(value) - moments.mean) / deviation;
}

/** Keeps every value, and sorts them when they are asked for. */
class Ranking implements Statistic {
  readonly #read: (sorted: readonly number[], value: Value) => number | null;
  readonly #values: number[] = [];
  #isSorted = false;

  constructor(read: (sorted: readonly number[], value: Value) => number | null) {
    this.#read = read;
  }

  add(value: Value): void {
    if (this.#values.length >= mostValues) throw new StatisticFailure('Error calculating percentile value');
    this.#values.push(Number(value));
  }

  result(value: Value): number | null {
    if (!this.#isSorted) this.#values.sort((left, right) => left - right);
    this.#isSorted = true;
    return this.#values.length === 0 ? null : this.#read(this.#values, value);
  }
}

/** Between two values it lies as far as the rank does. */
function percentileOf(sorted: readonly number[], percentile: number): number {
  const rank = (percentile / 100) * (sorted.length - 1);
  const lower = sorted[Math.floor(rank)] as number;
  const upper = sorted[Math.ceil(rank)] as number;
  return lower + (upper - lower) * (rank - Math.floor(rank));
}

/** Share of the other values that are smaller, from 0 to 1. */
function percentRankOf(sorted: readonly number[], value: Value): number | null {
  if (value === null || sorted.length < 2) return null;
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) < Number(value)) from = middle + 1;
    else to = middle;
  }
  return from / (sorted.length - 1);
}
