import type { VisitFact } from '../address-fact.ts';
import type { SourcePiece } from '../address-source.ts';
import { decodeText, eachRow } from '../reading/piece-rows.ts';
import { cutRows, takeFirstLine } from '../reading/row-pieces.ts';
import { readBytes } from '../reading/text-file.ts';
import type { DelimitedLayout } from '../work/piece-work.ts';
import type { AddressStandard, Fallback } from './address-standard.ts';
import { type ColumnMap, readColumns } from './column-map.ts';

const endings = ['.csv', '.txt', '.tsv', '.psv'];
const delimiters = [',', '\t', '|', ';'] as const;

/** Address points of a delimited file with a header line: OpenAddresses, National Address Database, or by a map. */
export async function* cutDelimitedPoints(
  path: string,
  map: ColumnMap | undefined,
  fallback: Fallback,
): AsyncGenerator<SourcePiece> {
  const { line, rest } = await takeFirstLine(readBytes(path, endings));
  const delimiter = findDelimiter(line);
  const layout = { path, header: readHeader(line, delimiter), delimiter, map };
  // Refused here, before the first row.
  readColumns(layout.header, map, path);
  for await (const { bytes, bytesRead } of cutRows(rest, delimiter)) {
    yield { work: { kind: 'delimited', layout, fallback, bytes }, bytesRead };
  }
}

/** Tells the facts of some whole rows; returns the number of their lines. */
export function readDelimitedPiece(
  bytes: Uint8Array,
  { header, delimiter, map, path }: DelimitedLayout,
  standard: AddressStandard,
  visit: VisitFact,
): number {
  const { needed, isAliasList, read } = readColumns(header, map, path);
  return eachRow(decodeText(bytes), delimiter, needed, (line, values) => {
    const raw = read(line, values);
    if (!isAliasList) visit(standard.toFact(raw));
    if (isAliasList || raw.alias !== '') visit(standard.toAlias(raw));
  });
}

function findDelimiter(header: string): string {
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}

function readHeader(line: string, delimiter: string): readonly string[] {
  const columns = line.split(delimiter).length;
  let header: readonly string[] = [];
  eachRow(line, delimiter, new Array<boolean>(columns).fill(true), (_, values) => {
    header = [...values];
  });
  return header;
}
