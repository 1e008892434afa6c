import type { StreetRecord } from '../../reference-data/index.ts';

/** One address of the data, told apart from every other of any vintage. */
export interface KeyedAddress {
  readonly street: StreetRecord;
  readonly houseNumber: string;
  readonly unitDesignator: string;
  readonly unitNumber: string;
}

/** Says how the rest is to be read. */
const form = 'A';
const separator = '\u001f';

/**
 * A key that stays the same from vintage to vintage as long as the address is called the same: the address in its
 * standardised form, in letters that URLs carry as they are (RFC 4648, base64url).
 */
export function formatAddressKey({ street, houseNumber, unitDesignator, unitNumber }: KeyedAddress): string {
  const { postalCode, predirectional, name, suffix, postdirectional, city, urbanization } = street;
  const parts = [postalCode, predirectional, name, suffix, postdirectional];
  const place = urbanization === undefined ? [city] : [city, urbanization];
  const text = [...parts, houseNumber, unitDesignator, unitNumber, ...place].join(separator);
  return form + Buffer.from(text, 'utf8').toString('base64url');
}

/** The address that a key stands for; undefined for a text that `formatAddressKey` does not write. */
export function parseAddressKey(key: string): KeyedAddress | undefined {
  if (!key.startsWith(form)) return undefined;
  const parts = Buffer.from(key.slice(form.length), 'base64url').toString('utf8').split(separator);
  const [postalCode = '', predirectional = '', name = '', suffix = '', postdirectional = ''] = parts;
  const [houseNumber = '', unitDesignator = '', unitNumber = '', city = '', urbanization] = parts.slice(5);
  const street = { postalCode, predirectional, name, suffix, postdirectional, city, urbanization };
  const address = { street, houseNumber, unitDesignator, unitNumber };
  return formatAddressKey(address) === key && name !== '' && houseNumber !== '' ? address : undefined;
}
