import type { AddressFact, VisitFact } from '../address-fact.ts';
import type { SourcePiece } from '../address-source.ts';
import { decodeText } from '../reading/piece-rows.ts';
import { cutRows } from '../reading/row-pieces.ts';
import { readBytes } from '../reading/text-file.ts';
import type { AddressStandard, Fallback } from './address-standard.ts';

interface Feature {
  readonly geometry?: { readonly type?: string; readonly coordinates?: readonly unknown[] } | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

const endings = ['.geojson', '.geojsonl', '.json', '.ndjson'];

/** Address points of OpenAddresses as line-delimited GeoJSON: one feature a line, properties named as its columns. */
export async function* cutGeoJsonPoints(path: string, fallback: Fallback): AsyncGenerator<SourcePiece> {
  for await (const { bytes, bytesRead } of cutRows(readBytes(path, endings), '')) {
    yield { work: { kind: 'geojson', fallback, bytes }, bytesRead };
  }
}

/** Tells the facts of some whole lines; returns their number. */
export function readGeoJsonPiece(bytes: Uint8Array, standard: AddressStandard, visit: VisitFact): number {
  const lines = decodeText(bytes).split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [index, text] of lines.entries()) {
    if (text.trim() !== '') visit(readLine(text, index + 1, standard));
  }
  return lines.length;
}

function readLine(text: string, line: number, standard: AddressStandard): AddressFact {
  let feature: Feature;
  try {
    feature = JSON.parse(text) as Feature;
  } catch {
    return { kind: 'reject', line, reason: 'the line is not JSON' };
  }
  const { geometry, properties } = feature ?? {};
  if (geometry?.type !== 'Point') return { kind: 'reject', line, reason: 'the feature is not a point' };
  const of = (name: string): string => String(properties?.[name] ?? '');
  return standard.toFact({
    line,
    address: '',
    number: of('number'),
    street: of('street'),
    unit: of('unit'),
    city: of('city'),
    state: of('region'),
    postalCode: of('postcode'),
    addOn: '',
    longitude: String(geometry.coordinates?.[0] ?? ''),
    latitude: String(geometry.coordinates?.[1] ?? ''),
    firm: '',
    urbanization: '',
    alias: '',
    aliasType: '',
  });
}
