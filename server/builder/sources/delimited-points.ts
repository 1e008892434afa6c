import { type CsvRow, CsvRows } from '../../delimited/index.ts';
import type { AddressBatch } from '../address-fact.ts';
import { readText } from '../reading/text-file.ts';
import { AddressStandard, type Fallback } from './address-standard.ts';
import { type ColumnMap, type ReadRow, readColumns } from './column-map.ts';

/** Address points of a delimited file with a header line: OpenAddresses, National Address Database, or by a map. */
export async function* readDelimitedPoints(
  path: string,
  map: ColumnMap | undefined,
  fallback: Fallback,
): AsyncGenerator<AddressBatch> {
  const cutter = new CsvRows();
  const standard = new AddressStandard(fallback);
  let read: ReadRow | undefined;
  const toFacts = (rows: readonly CsvRow[]) => {
    const [header] = rows;
    if (!header) return [];
    const isHeader = read === undefined;
    read ??= readColumns(header.values, map, path);
    const readRow = read;
    const facts = (isHeader ? rows.slice(1) : rows).map(({ line, values }) => standard.toFact(readRow(line, values)));
    return facts;
  };
  let bytesRead = 0;
  for await (const piece of readText(path, ['.csv', '.txt', '.tsv', '.psv'])) {
    bytesRead = piece.bytesRead;
    const facts = toFacts(cutter.push(piece.text));
    if (facts.length > 0) yield { facts, bytesRead };
  }
  yield { facts: toFacts(cutter.end()), bytesRead };
}
