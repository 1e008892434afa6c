import type { AddressBatch, AddressFact } from '../address-fact.ts';
import { readText } from '../reading/text-file.ts';
import { AddressStandard, type Fallback } from './address-standard.ts';

interface Feature {
  readonly geometry?: { readonly type?: string; readonly coordinates?: readonly unknown[] } | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
}

/** Address points of OpenAddresses as line-delimited GeoJSON: one feature a line, properties named as its columns. */
export async function* readGeoJsonPoints(path: string, fallback: Fallback): AsyncGenerator<AddressBatch> {
  const standard = new AddressStandard(fallback);
  let rest = '';
  let line = 1;
  const toFacts = (lines: readonly string[]): AddressFact[] => {
    const facts: AddressFact[] = [];
    for (const text of lines) {
      if (text.trim() !== '') facts.push(readLine(text, line, standard));
      line += 1;
    }
    return facts;
  };
  let bytesRead = 0;
  for await (const piece of readText(path, ['.geojson', '.geojsonl', '.json', '.ndjson'])) {
    const lines = (rest + piece.text).split('\n');
    rest = lines.pop() ?? '';
    bytesRead = piece.bytesRead;
    yield { facts: toFacts(lines), bytesRead };
  }
  yield { facts: toFacts([rest]), bytesRead };
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
  });
}
