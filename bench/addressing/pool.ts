import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

const poolFile = join(import.meta.dirname, '../../../shared/data/address-pool/address_pool_us.csv.gz');

/** One address of the shared pool that a database can hold: with leading number, ZIP Code and position. */
export interface PoolAddress {
  readonly number: string;
  /** What stands behind the number on the line. */
  readonly street: string;
  readonly unit: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly longitude: number;
  readonly latitude: number;
}

export function hasPool(): boolean {
  return existsSync(poolFile);
}

/** The pool in its order; rows that are no postal address with a position are left out. */
export async function readPool(): Promise<readonly PoolAddress[]> {
  const lines = createInterface({ input: createReadStream(poolFile).pipe(createGunzip()) });
  const addresses: PoolAddress[] = [];
  for await (const line of lines) {
    const [, line1 = '', unit = '', city = '', state = '', postalCode = '', latitude = '', longitude = ''] =
      splitQuoted(line);
    const [, number = '', street = ''] = /^(\d{1,6}) ([^,#"]{2,40})$/.exec(line1) ?? [];
    if (number === '' || !/^\d{5}$/.test(postalCode) || latitude === '' || longitude === '') continue;
    addresses.push({
      number,
      street,
      unit,
      city,
      state,
      postalCode,
      longitude: Number(longitude),
      latitude: Number(latitude),
    });
  }
  return addresses;
}

function splitQuoted(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const values = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  return values.map((value) => value.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"'));
}
