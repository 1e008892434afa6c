import { parseDeliveryLine, parseStreetLine, parseUnit, standardizeHouseNumber } from '../../address/index.ts';
import type { StreetAliasType } from '../../reference-data/index.ts';
import type { AddressFact } from '../address-fact.ts';
import { hasName, toStreetKey, toStreetPlace } from '../street-key.ts';
import { toCityName } from './geonames-postal.ts';
import { Remembered } from './remembered.ts';

/** The texts of one address record as they stand in a file; absent ones are empty. */
export interface RawAddress {
  readonly line: number;
  /** House number and street on one line, when they do not stand apart. */
  readonly address: string;
  readonly number: string;
  readonly street: string;
  readonly unit: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly addOn: string;
  readonly longitude: string;
  readonly latitude: string;
  readonly firm: string;
  /** Of a Puerto Rican address. */
  readonly urbanization: string;
  /** Another name of the street, and its type: abbreviated, changed, other, preferred. */
  readonly alias: string;
  readonly aliasType: string;
}

/** City and state of records that name none. */
export interface Fallback {
  readonly city: string;
  readonly state: string;
}

export const noFallback: Fallback = { city: '', state: '' };

const plainZip = /^\d{5}$/;
const plainNumber = /^[1-9]\d{0,7}$/;
const noUnit = { designator: '', number: '' };

/** Turns the texts of a file into facts in Publication 28 form; the same street or city is read only once in a while. */
export class AddressStandard {
  readonly #streets = new Remembered(readStreetKey);
  readonly #cities = new Remembered(readCity);
  readonly #units = new Remembered(parseUnit);
  readonly #states = new Remembered(readState);
  readonly #urbanizations = new Remembered(readUrbanization);

  constructor(readonly fallback: Fallback) {}

  toFact(raw: RawAddress): AddressFact {
    const { line } = raw;
    const longitude = Number(raw.longitude);
    const latitude = Number(raw.latitude);
    if (raw.longitude === '' || raw.latitude === '' || !isOnEarth(longitude, latitude)) {
      return { kind: 'reject', line, reason: 'no coordinates' };
    }
    const written = raw.address === '' ? this.#readParts(raw) : this.#readLine(raw.address);
    if (written.houseNumber === '') return { kind: 'reject', line, reason: 'no house number' };
    if (!hasName(written.streetKey)) return { kind: 'reject', line, reason: 'no street name' };
    const postal = readPostalCode(raw);
    if (!postal) return { kind: 'reject', line, reason: 'the ZIP Code is not five digits' };
    const unit = raw.unit.trim() === '' ? written.unit : this.#units.of(raw.unit);
    const state = raw.state || this.fallback.state;
    const city = this.#cities.of(raw.city || this.fallback.city);
    const stateProvince = this.#states.of(state);
    const point = {
      houseNumber: written.houseNumber,
      unitDesignator: unit.designator,
      unitNumber: unit.number,
      addOn: postal.addOn,
      coordinates: { longitude, latitude },
    };
    const firmName = raw.firm === '' ? '' : readName(raw.firm);
    const isPuertoRico = raw.urbanization !== '' && (stateProvince === 'PR' || stateProvince === '');
    const place = isPuertoRico ? toStreetPlace(city, this.#urbanizations.of(raw.urbanization)) : city;
    return {
      kind: 'point',
      line,
      postalCode: postal.code,
      stateProvince,
      streetKey: written.streetKey + place,
      point: firmName === '' ? point : { ...point, firmName },
    };
  }

  /** A further name of a street. */
  toAlias(raw: RawAddress): AddressFact {
    const { line } = raw;
    const streetKey = raw.address === '' ? this.#streets.of(raw.street) : this.#readLine(raw.address).streetKey;
    const aliasKey = this.#streets.of(raw.alias);
    const postal = readPostalCode(raw);
    if (!hasName(streetKey)) return { kind: 'reject', line, reason: 'no street name' };
    if (!hasName(aliasKey) || aliasKey === streetKey) return { kind: 'reject', line, reason: 'no alias of the street' };
    if (!postal?.code) return { kind: 'reject', line, reason: 'the ZIP Code of an alias is not five digits' };
    const type = aliasTypes[raw.aliasType.trim().charAt(0).toUpperCase()] ?? 'O';
    return { kind: 'alias', line, postalCode: postal.code, streetKey, type, aliasKey };
  }

  /** A street alone, as road files have it. */
  streetKey(text: string): string {
    return this.#streets.of(text);
  }

  #readParts({ number, street }: RawAddress) {
    const houseNumber = plainNumber.test(number) ? number : standardizeHouseNumber(number);
    return { houseNumber, streetKey: this.#streets.of(street), unit: noUnit };
  }

  #readLine(text: string) {
    // A box behind the street and remarks are no part of its name.
    const line = parseDeliveryLine(text).street;
    const unit = { designator: line.unitDesignator, number: line.unitNumber };
    return { houseNumber: line.houseNumber, streetKey: toStreetKey(line), unit };
  }
}

/** What the National Address Database writes where it knows no city. */
const noCities = new Set(['NOT STATED', 'UNINCORPORATED', 'UNKNOWN']);

function readCity(text: string): string {
  const name = toCityName(text);
  return noCities.has(name) ? '' : name;
}

/** By the first letter of what a file calls them. */
const aliasTypes: Readonly<Record<string, StreetAliasType>> = { A: 'A', C: 'C', P: 'P' };

/** What the National Address Database writes where it knows nothing is no name. */
function readName(text: string): string {
  const name = text.replace(/\s+/g, ' ').trim().toUpperCase();
  return noCities.has(name) ? '' : name;
}

function readUrbanization(text: string): string {
  return readName(text).replace(/^URB(?:ANIZACI[OÓ]N|ANIZATION)?\.? (?=\S)/, 'URB ');
}

function readState(text: string): string {
  return /^[A-Za-z]{2}$/.test(text) ? text.toUpperCase() : '';
}

/** Undefined for a text that is no ZIP Code; without any both are empty. */
function readPostalCode({
  postalCode,
  addOn,
}: RawAddress): { readonly code: string; readonly addOn: string } | undefined {
  const given = addOn !== '' && /^\d{4}$/.test(addOn) ? addOn : '';
  if (postalCode === '' || plainZip.test(postalCode)) return { code: postalCode, addOn: given };
  const text = postalCode.trim();
  if (text === '') return { code: '', addOn: given };
  const [, code, own] = /^(\d{5})(?:-?(\d{4}))?$/.exec(text) ?? [];
  return code === undefined ? undefined : { code, addOn: own ?? given };
}

/** Read as it will be read in an address: behind a house number. */
function readStreetKey(text: string): string {
  return toStreetKey(parseStreetLine(`1 ${text}`));
}

function isOnEarth(longitude: number, latitude: number): boolean {
  // Nothing of ours lies off West Africa, where the zeros of unfinished records are.
  const isZero = longitude === 0 && latitude === 0;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 && !isZero;
}
