import type { AddressRangeRecord, BlockNumbering } from '../../reference-data/index.ts';

/** Numbers of a block are a hundred, whatever part of them has houses. */
const numbersPerBlock = 100;

/** Logarithms of evenly spread shares of a block, at each of which a house is as likely as at any other. */
const places = Float64Array.from({ length: 32 }, (_, index) => (index + 0.5) / 32);
const logPlaces = places.map(Math.log);

/**
 * The share of a segment, 0 to 1 from its low end, at which a house number is to be expected. Without a numbering it is
 * (number - low) / (high - low); with one, numbers of a hundred that runs to its end lie as that numbering has them,
 * since ranges are drawn for whole hundreds of which houses use the first part. 0.5 for a segment of one number.
 */
export function shareOfRange(
  range: AddressRangeRecord,
  houseNumber: number,
  lengthMeters: number,
  numbering: BlockNumbering | undefined,
): number {
  const { low, high } = range;
  if (low === high) return 0.5;
  const straight = (houseNumber - low) / (high - low);
  if (!numbering || lengthMeters === 0) return straight;
  const start = Math.max(low, houseNumber - (houseNumber % numbersPerBlock));
  const afterLast = start - (start % numbersPerBlock) + numbersPerBlock;
  const isOpen = afterLast - 2 <= high;
  const isWhole = start % numbersPerBlock <= 1;
  // A hundred that a side street cuts off at its end is known to be used up to there.
  if (!isOpen || !(isWhole || afterLast > high)) return straight;
  const numbers = high + (range.parity === 'B' ? 1 : 2) - low;
  const [from, to] = [(start - low) / numbers, Math.min(1, (afterLast - low) / numbers)];
  const blockMeters = (lengthMeters * numbersPerBlock) / numbers;
  return from + (to - from) * expectShare(houseNumber - start + 1, (to - from) * lengthMeters, blockMeters, numbering);
}

/** The house number of the range's parity whose place is nearest to a share of the segment. */
export function numberAtShare(
  range: AddressRangeRecord,
  share: number,
  lengthMeters: number,
  numbering: BlockNumbering | undefined,
): number {
  const step = range.parity === 'B' ? 1 : 2;
  const isLowOfParity = range.parity === 'B' || (range.low % 2 !== 0) === (range.parity === 'O');
  const first = isLowOfParity ? range.low : range.low + 1;
  const shareOf = (index: number): number => shareOfRange(range, first + step * index, lengthMeters, numbering);
  const last = Math.max(0, Math.floor((range.high - first) / step));
  let low = 0;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shareOf(middle) <= share) low = middle + 1;
    else high = middle;
  }
  // The first beyond the share, or the number before it where that is nearer.
  if (low > last) return first + step * last;
  return first + step * (low > 0 && (shareOf(low - 1) + shareOf(low)) / 2 > share ? low - 1 : low);
}

/**
 * The mean place of a house, as a share of the room its hundred has: it is anywhere in the room with equal right, and
 * the numbers passed on the way there are spread log-normally around those of the numbering.
 */
function expectShare(
  passed: number,
  roomMeters: number,
  blockMeters: number,
  { logNumbersPerMeter, perLogLength, spread }: BlockNumbering,
): number {
  const density = logNumbersPerMeter + perLogLength * Math.log(blockMeters / 100);
  const wanted = Math.log(passed) - density - Math.log(roomMeters);
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < places.length; index += 1) {
    const misfit = misfitOf(index, wanted, spread);
    if (misfit < least) least = misfit;
  }
  let [sum, weights] = [0, 0];
  for (let index = 0; index < places.length; index += 1) {
    const weight = Math.exp(least - misfitOf(index, wanted, spread));
    weights += weight;
    sum += weight * (places[index] ?? 0);
  }
  return sum / weights;
}

function misfitOf(index: number, wanted: number, spread: number): number {
  const off = ((logPlaces[index] ?? 0) - wanted) / spread;
  return (off * off) / 2;
}
