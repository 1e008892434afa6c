import type { ValidatedAddress } from '../validation/validated-address.ts';

/** The printable address in upper case, one entry a line: firm, address lines, city line; blank ones left out. */
export function formatAddressBlocks(address: ValidatedAddress): readonly string[] {
  const { firmName, addressLines } = address;
  const lines = [firmName, ...addressLines, formatLastLine(address)];
  return lines.filter((line) => line.trim() !== '').map((line) => line.trim().toUpperCase());
}

/** `Lanham MD 20706-1882`. */
export function formatLastLine({ city, stateProvince, postalCode, addOn }: ValidatedAddress): string {
  const code = addOn === '' ? postalCode : `${postalCode}-${addOn}`;
  return [city, stateProvince, code].filter((part) => part !== '').join(' ');
}
