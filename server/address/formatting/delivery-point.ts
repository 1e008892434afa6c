import type { StandardAddress } from '../validation/standardization.ts';

/** Delivery point digits of general delivery and of a route without box. */
const defaultPoint = '99';

/**
 * The two delivery point digits behind a ZIP+4 (Domestic Mail Manual 708.4.2): the last two digits of the house or box
 * number. Undefined without a ZIP+4 and where they depend on data that is not here: units, and numbers with letters.
 */
export function findDeliveryPoint(address: StandardAddress): string | undefined {
  const { addOn, recordType, isDefault, houseNumber, poBox, unitDesignator } = address;
  if (addOn === '') return undefined;
  if (recordType === 'GeneralDelivery' || (recordType === 'RRHighwayContract' && isDefault)) return defaultPoint;
  const number = poBox || houseNumber;
  if (unitDesignator !== '' || recordType === 'HighRise' || !/^\d+$/.test(number)) return undefined;
  return number.padStart(2, '0').slice(-2);
}

/** The digit that makes the sum of all eleven digits and itself a multiple of ten. */
export function findCheckDigit({ postalCode, addOn }: StandardAddress, deliveryPoint: string): string {
  let sum = 0;
  for (const digit of postalCode + addOn + deliveryPoint) sum += Number(digit);
  return String((10 - (sum % 10)) % 10);
}
