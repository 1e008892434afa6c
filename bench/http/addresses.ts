import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** One row as a client would send it. */
export interface AddressRow {
  readonly AddressLine1: string;
  readonly AddressLine2?: string;
  readonly City?: string;
  readonly StateProvince?: string;
  readonly PostalCode?: string;
}

interface StarterPoint {
  readonly address1: string;
  readonly address2: string;
  readonly city?: string;
  readonly state: string;
  readonly postalCode: string;
}

/** Ways in which people write one address. */
const letterCases: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
];
const leftOut: readonly (keyof AddressRow)[][] = [[], ['PostalCode'], ['City'], ['StateProvince']];

/** Every point of the starter database in every way of writing; no two rows are equal. */
export function listAddressRows(): readonly AddressRow[] {
  const file = createRequire(import.meta.url).resolve('rrad/addresses-us-all.min.json');
  const { addresses } = JSON.parse(readFileSync(file, 'utf8')) as { addresses: StarterPoint[] };
  const rows = new Map<string, AddressRow>();
  for (const omitted of leftOut) {
    for (const write of letterCases) {
      for (const point of addresses) {
        const row = toRow(point, write, omitted);
        rows.set(JSON.stringify(row), row);
      }
    }
  }
  return [...rows.values()];
}

function toRow(
  point: StarterPoint,
  write: (text: string) => string,
  omitted: readonly (keyof AddressRow)[],
): AddressRow {
  const { address1, address2, city = '', state, postalCode } = point;
  const all = {
    AddressLine1: write(address1),
    AddressLine2: write(address2),
    City: write(city),
    StateProvince: write(state),
    PostalCode: postalCode,
  };
  const kept = Object.entries(all).filter(([name, text]) => text !== '' && !omitted.includes(name as keyof AddressRow));
  return Object.fromEntries(kept) as unknown as AddressRow;
}
