import type { AddressRangeRecord, Coordinates } from '../../reference-data/index.ts';
import type { AddressFact, VisitFact } from '../address-fact.ts';
import { readShapefile, type ShapeRecord } from '../reading/shapefile.ts';
import { hasName } from '../street-key.ts';
import type { AddressStandard } from './address-standard.ts';

/** Columns of each side of the line (TIGER/Line ADDRFEAT technical documentation, chapter 3). */
const sides = [
  { side: 'L', from: 'LFROMHN', to: 'LTOHN', zip: 'ZIPL', addOn: 'PLUS4L', parity: 'PARITYL' },
  { side: 'R', from: 'RFROMHN', to: 'RTOHN', zip: 'ZIPR', addOn: 'PLUS4R', parity: 'PARITYR' },
] as const;
type SideColumns = (typeof sides)[number];

/**
 * Tells the address ranges of Census TIGER/Line ADDRFEAT; resolves with the number of records. Its NAD 83 coordinates are
 * taken as WGS 84: the two differ by one to two meters in the conterminous states, less than the file's own accuracy.
 */
export async function readTigerRanges(path: string, standard: AddressStandard, visit: VisitFact): Promise<number> {
  let records = 0;
  for await (const record of readShapefile(path)) {
    for (const fact of toFacts(record, standard)) visit(fact);
    records = record.number;
  }
  return records;
}

function toFacts({ number, attributes, parts }: ShapeRecord, standard: AddressStandard): AddressFact[] {
  const shape = parts.flat();
  const streetKey = standard.streetKey(attributes.FULLNAME ?? '');
  if (shape.length < 2) return [{ kind: 'reject', line: number, reason: 'the record has no line' }];
  if (!hasName(streetKey)) return [{ kind: 'reject', line: number, reason: 'no street name' }];
  return sides.flatMap((columns): AddressFact | readonly AddressFact[] => {
    const [from = '', to = ''] = [attributes[columns.from], attributes[columns.to]];
    if (from === '' && to === '') return [];
    const postalCode = attributes[columns.zip] ?? '';
    if (!/^\d{5}$/.test(postalCode)) return { kind: 'reject', line: number, reason: 'a side has no ZIP Code' };
    const range = toRange(from, to, shape, attributes, columns);
    // Hyphenated and lettered ranges have no single number line to interpolate on.
    if (!range) return { kind: 'reject', line: number, reason: 'a range is not numeric' };
    return { kind: 'range', line: number, postalCode, streetKey, range };
  });
}

function toRange(
  from: string,
  to: string,
  shape: readonly Coordinates[],
  attributes: Readonly<Record<string, string>>,
  columns: SideColumns,
): AddressRangeRecord | undefined {
  if (!/^\d{1,8}$/.test(from) || !/^\d{1,8}$/.test(to)) return undefined;
  const [first, last] = [Number(from), Number(to)];
  const isForward = first <= last;
  const parity = first % 2 !== last % 2 || attributes[columns.parity] === 'B' ? 'B' : first % 2 === 0 ? 'E' : 'O';
  const addOn = attributes[columns.addOn] ?? '';
  return {
    low: Math.min(first, last),
    high: Math.max(first, last),
    parity,
    // A line turned round has its sides exchanged.
    side: isForward ? columns.side : columns.side === 'L' ? 'R' : 'L',
    addOn: /^\d{4}$/.test(addOn) ? addOn : '',
    shape: isForward ? shape : [...shape].reverse(),
  };
}
