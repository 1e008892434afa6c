import {
  type AddressRangeRecord,
  type BlockNumbering,
  type Coordinates,
  distanceMeters,
} from '../reference-data/index.ts';

/** Sums over the breaks of divided blocks: what a straight line by least squares needs. */
export interface BreakSums {
  readonly count: number;
  /** x is the logarithm of a block's length in 100 m, y that of the numbers passed in a meter up to the break. */
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

export const noBreaks: BreakSums = { count: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };

/** Fewer breaks say little of a whole database; the line is then straight. */
const leastBreaks = 200;

/** Below it differences of logarithms are those of rounding: blocks all alike have no line, and a line no scatter. */
const leastVariance = 1e-9;

/** Nearer to a corner the break is the corner's own. */
const cornerMeters = 5;

const numbersPerBlock = 100;

/**
 * The breaks of one street's blocks. Where a side street divides a hundred, the ranges on both sides of it tell which
 * numbers lie how far along the block; that is so for whole hundreds only, from their first number to their last.
 */
export function sumBreaks(ranges: readonly AddressRangeRecord[]): BreakSums {
  let sums = noBreaks;
  for (const parity of ['E', 'O'] as const) {
    const ordered = ranges
      .filter((range) => range.parity === parity && blockOf(range.low) === blockOf(range.high))
      .sort((a, b) => a.low - b.low || a.high - b.high);
    for (const block of chain(ordered)) sums = addBreaks(sums, block);
  }
  return sums;
}

export function addSums(a: BreakSums, b: BreakSums): BreakSums {
  const { count, x, y, xx, xy, yy } = b;
  return { count: a.count + count, x: a.x + x, y: a.y + y, xx: a.xx + xx, xy: a.xy + xy, yy: a.yy + yy };
}

/** How numbers lie along the blocks of a database; undefined when too few of its blocks are divided to tell. */
export function fitNumbering({ count, x, y, xx, xy, yy }: BreakSums): BlockNumbering | undefined {
  const spreadOfLengths = count * xx - x * x;
  if (count < leastBreaks || spreadOfLengths <= leastVariance * count * count) return undefined;
  const slope = (count * xy - x * y) / spreadOfLengths;
  const start = (y - slope * x) / count;
  const variance = (yy - start * y - slope * xy) / count;
  if (!(variance > leastVariance)) return undefined;
  return { logNumbersPerMeter: round(start), perLogLength: round(slope), spread: round(Math.sqrt(variance)), count };
}

/** Ranges that follow each other along the ground and by number. */
function chain(ordered: readonly AddressRangeRecord[]): readonly (readonly AddressRangeRecord[])[] {
  const chains: AddressRangeRecord[][] = [];
  for (const range of ordered) {
    const current = chains.at(-1);
    const before = current?.at(-1);
    if (before && range.low === before.low && range.high === before.high) continue;
    const goesOn = before && blockOf(before.low) === blockOf(range.low) && range.low > before.high;
    if (current && goesOn && isSamePlace(before.shape.at(-1), range.shape[0])) current.push(range);
    else chains.push([range]);
  }
  return chains;
}

function addBreaks(sums: BreakSums, block: readonly AddressRangeRecord[]): BreakSums {
  const [first, last] = [block[0], block.at(-1)];
  if (!first || !last || block.length < 2) return sums;
  const base = blockOf(first.low) * numbersPerBlock;
  if (first.low > base + 2 || last.high < base + numbersPerBlock - 2) return sums;
  const lengths = block.map(({ shape }) => lengthOf(shape));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let along = 0;
  let added = sums;
  for (const [index, range] of block.slice(0, -1).entries()) {
    along += lengths[index] ?? 0;
    if (along <= cornerMeters || total - along <= cornerMeters) continue;
    const passed = (range.high + (block[index + 1]?.low ?? range.high)) / 2 - base + 1;
    const [x, y] = [Math.log(total / 100), Math.log(passed / along)];
    added = addSums(added, { count: 1, x, y, xx: x * x, xy: x * y, yy: y * y });
  }
  return added;
}

function blockOf(houseNumber: number): number {
  return Math.floor(houseNumber / numbersPerBlock);
}

function lengthOf(shape: readonly Coordinates[]): number {
  return shape.reduce((sum, vertex, index) => sum + distanceMeters(shape[index - 1] ?? vertex, vertex), 0);
}

function isSamePlace(a: Coordinates | undefined, b: Coordinates | undefined): boolean {
  return a !== undefined && b !== undefined && a.longitude === b.longitude && a.latitude === b.latitude;
}

/** The last digits depend on the order of the sums. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
