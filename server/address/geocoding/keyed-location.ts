import { type AddressDatabase, compareStreets, type StreetView } from '../../reference-data/index.ts';
import type { ParsedAddress } from '../parsing/address.ts';
import { parseDeliveryLine } from '../parsing/delivery-line.ts';
import { placeOnStreet } from '../validation/address-match.ts';
import { findGivenPostalCode } from '../validation/candidate-postal-codes.ts';
import { sameStreet } from '../validation/street-difference.ts';
import type { KeyedAddress } from './address-key.ts';
import { type GeocodedAddress, locateMatch } from './forward.ts';
import type { InterpolationOptions } from './interpolation.ts';

/** A located address with the input that would have found it. */
export interface KeyedLocation {
  readonly result: GeocodedAddress;
  readonly address: ParsedAddress;
}

/**
 * The position of exactly the address of a key, by point or range; undefined when the data has it no more. Pure, for use
 * inside `AddressDatabase.read`.
 */
export function locateKey(
  database: AddressDatabase,
  view: StreetView,
  { street, houseNumber, unitDesignator, unitNumber }: KeyedAddress,
  options: InterpolationOptions,
): KeyedLocation | undefined {
  const record = database.findPostalCode(street.postalCode);
  const stored = view.streetsNamed(street.postalCode, street.name).find((one) => compareStreets(one, street) === 0);
  if (!record || !stored) return undefined;
  const { code: postalCode, stateProvince } = record;
  const lastLine = { city: record.cities[0]?.name ?? '', stateProvince, postalCode, addOn: '' };
  const given = findGivenPostalCode(database, lastLine);
  const line = { ...street, houseNumber, unitDesignator, unitNumber, outerUnit: '' };
  const reading = { delivery: { ...parseDeliveryLine(''), kind: 'street' as const, street: line }, extraneous: [] };
  const match = given && placeOnStreet(view, reading, line, stored, given, sameStreet);
  if (!match || match.houseNumber !== houseNumber) return undefined;
  if (unitNumber + unitDesignator !== '' && match.unit !== 'matched') return undefined;
  const result = locateMatch(match, options);
  return result && { result, address: { readings: [reading], lastLine } };
}
