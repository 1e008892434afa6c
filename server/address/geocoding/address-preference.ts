import type { ParsedAddress } from '../parsing/address.ts';
import type { LinesReading } from '../parsing/address-lines.ts';
import { orderDualReadings } from '../parsing/dual-address.ts';

/** Which of two addresses in one record is geocoded (geocoding reference 1.2, AddressPreference). */
export const addressPreferences = ['PreferBottom', 'PreferPOBox', 'PreferStreetAddress'] as const;
export type AddressPreference = (typeof addressPreferences)[number];

/** The same address, the preferred reading first; readings of which one is no whole address keep their order. */
export function preferReading(address: ParsedAddress, preference: AddressPreference): ParsedAddress {
  const { readings, lastLine } = address;
  if (readings.length === 0) return address;
  if (preference === 'PreferBottom') {
    const [top, bottom] = readings;
    const isTwo = readings.length === 2 && top && bottom && isWhole(top) && isWhole(bottom);
    return isTwo && top.delivery.line !== bottom.delivery.line ? { readings: [bottom, top], lastLine } : address;
  }
  const isBoxFirst = preference === 'PreferPOBox';
  const split = orderDualReadings(readings, isBoxFirst ? 'P' : 'S');
  if (!split.every(isWhole)) return split === readings ? address : { readings: split, lastLine };
  const rank = ({ delivery }: LinesReading) => ((delivery.kind === 'poBox') === isBoxFirst ? 0 : 1);
  return { readings: [...split].sort((a, b) => rank(a) - rank(b)), lastLine };
}

/** A box or route, or a street with its house number. */
function isWhole({ delivery }: LinesReading): boolean {
  return delivery.service !== undefined || (delivery.kind === 'street' && delivery.street.houseNumber !== '');
}
