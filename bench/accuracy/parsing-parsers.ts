import { createRequire } from 'node:module';
import { parse as parseWithUniverse } from '@universe/address-parser';
import { type AddressInput, listInputParts, parseAddress } from '../../server/address/index.ts';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { type Parts, toUnitId } from './parsing-rows.ts';
import { findStateLetters, toCity, toStreetWords, toWords, toZip } from './parsing-words.ts';

/** What a parser gives back, in its own words; absent: nothing. */
interface RawParts {
  readonly houseNumber?: string | undefined;
  readonly predirectional?: string | undefined;
  readonly name?: string | undefined;
  readonly suffix?: string | undefined;
  readonly postdirectional?: string | undefined;
  readonly units?: readonly (string | undefined)[];
  readonly city?: string | undefined;
  readonly state?: string | undefined;
  readonly zip?: string | undefined;
  readonly zip4?: string | undefined;
}

/** `undefined` when the parser finds no address. */
type Parser = (text: string) => RawParts | undefined | Promise<RawParts | undefined>;

type Texts = Readonly<Record<string, string | undefined>>;

const require = createRequire(import.meta.url);
const parseAddressPackage = require('parse-address') as { parseLocation(text: string): Texts | null };
const addresser = require('addresser') as { parseAddress(text: string): Texts };
const addressit = require('addressit') as (text: string) => Texts & { readonly regions?: readonly string[] };

/** The parsers of other packages, by their name. */
export const otherParsers: Readonly<Record<string, Parser>> = {
  'parse-address': (text) => {
    const read = parseAddressPackage.parseLocation(text);
    if (!read) return undefined;
    const { number, prefix, street, type, suffix, sec_unit_num, sec_unit_type, city, state, zip, plus4 } = read;
    const common = { houseNumber: number, predirectional: prefix, name: street, suffix: type, postdirectional: suffix };
    return { ...common, units: [sec_unit_num ?? sec_unit_type], city, state, zip, zip4: plus4 };
  },
  '@universe/address-parser': async (text) => {
    const read = Object.fromEntries(
      Object.entries(await parseWithUniverse(text)).map(([key, value]) => [key, value ?? undefined]),
    ) as Texts;
    const {
      number,
      streetPreDir,
      streetName,
      streetType,
      streetPostDir,
      unitNum,
      unitAbbr,
      pinNum,
      city,
      state,
      zip,
      zip4,
    } = read;
    const common = { houseNumber: number, predirectional: streetPreDir, name: streetName, suffix: streetType };
    return { ...common, postdirectional: streetPostDir, units: [unitNum ?? unitAbbr, pinNum], city, state, zip, zip4 };
  },
  addresser: (text) => {
    const read = addresser.parseAddress(text);
    const { streetNumber, streetName, streetSuffix, streetDirection, addressLine2, placeName, stateAbbreviation } =
      read;
    const common = {
      houseNumber: streetNumber,
      name: streetName,
      suffix: streetSuffix,
      postdirectional: streetDirection,
    };
    const zip4 = read.zipCodePlusFour?.slice(6);
    return { ...common, units: [addressLine2], city: placeName, state: stateAbbreviation, zip: read.zipCode, zip4 };
  },
  addressit: (text) => {
    const { number, street, unit, state, postalcode, regions } = addressit(text);
    return { houseNumber: number, name: street, units: [unit], city: regions?.[0], state, zip: postalcode };
  },
};

/** Our parser with the cities of a database. */
export function parserWith(database: AddressDatabase): Parser {
  const isCity = (city: string, state: string) => database.listPostalCodesOfCity(city, state).length > 0;
  return (text) => {
    const input: AddressInput = { addressLines: [text], city: '', stateProvince: '', postalCode: '' };
    const { readings, lastLine } = parseAddress(input, isCity);
    const { city, stateProvince: state, postalCode: zip, addOn: zip4 } = lastLine;
    const reading = readings[0];
    if (reading === undefined) return { city, state, zip, zip4 };
    const parts = listInputParts(reading);
    const { outerUnit, unitNumber } = reading.delivery.street;
    return {
      houseNumber: parts.houseNumber,
      predirectional: parts.leadingDirectional,
      name: parts.streetName,
      suffix: parts.streetSuffix,
      postdirectional: parts.trailingDirectional,
      units: [outerUnit, unitNumber || parts.apartmentLabel, reading.delivery.privateMailbox],
      city,
      state,
      zip,
      zip4,
    };
  };
}

/** Runs a parser on one row; one that throws found nothing. */
export async function parseWith(parser: Parser, text: string): Promise<Parts | undefined> {
  try {
    const raw = await parser(text);
    return raw && toParts(raw);
  } catch {
    return undefined;
  }
}

/** The words of an answer, brought into the form of the labels by the same rules. */
function toParts(raw: RawParts): Parts {
  const street = (text = '') => toStreetWords(text);
  const { predirectional, name, suffix, postdirectional } = raw;
  return {
    houseNumber: toWords(raw.houseNumber ?? '').join(' '),
    predirectional: street(predirectional).join(''),
    name: street(name).join(' '),
    suffix: street(suffix).join(' '),
    postdirectional: street(postdirectional).join(''),
    street: [predirectional, name, suffix, postdirectional].flatMap(street).sort().join(' '),
    units: (raw.units ?? []).map((unit) => toUnitId(unit ?? '')).join(''),
    city: toCity(raw.city ?? ''),
    state: findStateLetters(raw.state ?? '') ?? '',
    zip: toZip(raw.zip ?? '').slice(0, 5),
    zip4: toWords(raw.zip4 ?? '').join(''),
  };
}
