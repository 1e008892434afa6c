import { type DeliveryLine, parseDeliveryLine } from '../parsing/delivery-line.ts';

/** What is to be taken out of the address lines (addressing reference 1.4, ExtractFirm and ExtractUrb). */
export interface Extraction {
  readonly extractsFirm: boolean;
  readonly extractsUrbanization: boolean;
}

interface Lines {
  readonly addressLines: readonly string[];
  readonly firmName: string;
  readonly urbanization: string;
}

/** With extraction all of these lines are examined (addressing reference 1.1). */
const examinedLines = 4;

/** Words that only a firm's name has. */
const firmWord =
  /\b(INC|INCORPORATED|LLC|LLP|LTD|CORP|CORPORATION|CO|COMPANY|BANK|HOSPITAL|UNIVERSITY|COLLEGE|SCHOOL|CHURCH|ASSOCIATES|ASSN|ASSOCIATION|SERVICES|GROUP|FOUNDATION|INSTITUTE|AGENCY|DEPARTMENT)\b/;

/** Moves an urbanization and a firm from the address lines to their own fields, where those are empty. */
export function extractLines<Record extends Lines>(record: Record, extraction: Extraction): Record {
  let { addressLines, firmName, urbanization } = record;
  const take = (at: number): string => {
    const line = (addressLines[at] ?? '').trim();
    addressLines = addressLines.map((other, index) => (index === at ? '' : other));
    return line;
  };
  if (extraction.extractsUrbanization && urbanization === '') {
    const at = addressLines.slice(0, examinedLines).findIndex(isUrbanization);
    if (at >= 0) urbanization = take(at);
  }
  if (extraction.extractsFirm && firmName === '') {
    const at = findFirm(addressLines.slice(0, examinedLines));
    if (at >= 0) firmName = take(at);
  }
  return { ...record, addressLines, firmName, urbanization };
}

function isUrbanization(line: string): boolean {
  return /^\s*(URB|URBANIZACION|URBANIZACIÓN|URBANIZATION)[\s.]/i.test(line);
}

/** The line with a firm's word, else the first that is no part of an address; none unless another line is an address. */
function findFirm(lines: readonly string[]): number {
  const read = lines.map(parseDeliveryLine);
  if (!read.some(isAddress)) return -1;
  const names = read.map((line, at) => isName(line, lines[at] ?? ''));
  const named = lines.findIndex((line, at) => names[at] && firmWord.test(line.toUpperCase()));
  return named >= 0 ? named : names.indexOf(true);
}

function isAddress({ kind, street }: DeliveryLine): boolean {
  return kind !== 'none' && kind !== 'unit' && (kind !== 'street' || street.houseNumber !== '');
}

/** Letters, no number in front, and nothing that belongs to a street, a unit or a remark. */
function isName({ kind, street, extraneous, line }: DeliveryLine, text: string): boolean {
  if (!/\p{L}/u.test(text) || /@/.test(line) || extraneous.length > 0) return false;
  if (kind === 'none') return street.houseNumber === '';
  const isBareName = street.houseNumber === '' && street.unitDesignator === '';
  return kind === 'street' && isBareName && (street.suffix === '' || firmWord.test(text.toUpperCase()));
}
