import type { OutputRow } from '../definition.ts';
import type { ExtraGroup } from './fields.ts';

/** What an answer says; every part is text as it is printed, empty where there is nothing to say. */
export interface AnswerParts {
  readonly latitude: string;
  readonly longitude: string;
  readonly streetSide: string;
  readonly firmName: string;
  readonly addressLine1: string;
  readonly addressLine2: string;
  readonly lastLine: string;
  readonly streetName: string;
  readonly leadingDirectional: string;
  readonly houseNumber: string;
  readonly trailingDirectional: string;
  readonly streetSuffix: string;
  readonly apartmentLabel: string;
  readonly apartmentNumber: string;
  readonly additionalInputData: string;
  readonly city: string;
  readonly stateProvince: string;
  readonly postalCodeBase: string;
  readonly postalCodeAddOn: string;
  readonly postalCode: string;
  readonly rrhc: string;
  readonly locationCode: string;
  readonly matchCode: string;
  readonly confidence: string;
  readonly isCloseMatch: string;
  readonly status: string;
  readonly statusCode: string;
  readonly statusDescription: string;
}

export const noParts: AnswerParts = Object.freeze({
  latitude: '',
  longitude: '',
  streetSide: '',
  firmName: '',
  addressLine1: '',
  addressLine2: '',
  lastLine: '',
  streetName: '',
  leadingDirectional: '',
  houseNumber: '',
  trailingDirectional: '',
  streetSuffix: '',
  apartmentLabel: '',
  apartmentNumber: '',
  additionalInputData: '',
  city: '',
  stateProvince: '',
  postalCodeBase: '',
  postalCodeAddOn: '',
  postalCode: '',
  rrhc: '',
  locationCode: '',
  matchCode: '',
  confidence: '',
  isCloseMatch: '',
  status: '',
  statusCode: '',
  statusDescription: '',
});

/**
 * The row of the groups that are always there. One literal of fixed shape: rows put together from pieces cost more than
 * finding the address.
 */
export function toStandardRow(parts: AnswerParts, database: string): OutputRow {
  return {
    Latitude: parts.latitude,
    Longitude: parts.longitude,
    StreetSide: parts.streetSide,
    FirmName: parts.firmName,
    AddressLine1: parts.addressLine1,
    AddressLine2: parts.addressLine2,
    LastLine: parts.lastLine,
    StreetName: parts.streetName,
    CrossStreetName: '',
    LeadingDirectional: parts.leadingDirectional,
    CrossStreetLeadingDirectional: '',
    HouseNumber: parts.houseNumber,
    HouseNumber2: '',
    TrailingDirectional: parts.trailingDirectional,
    CrossStreetTrailingDirectional: '',
    StreetSuffix: parts.streetSuffix,
    CrossStreetSuffix: '',
    ApartmentLabel: parts.apartmentLabel,
    ApartmentLabel2: '',
    ApartmentNumber: parts.apartmentNumber,
    ApartmentNumber2: '',
    AdditionalInputData: parts.additionalInputData,
    City: parts.city,
    StateProvince: parts.stateProvince,
    'PostalCode.Base': parts.postalCodeBase,
    'PostalCode.AddOn': parts.postalCodeAddOn,
    PostalCode: parts.postalCode,
    'PrivateMailbox.Designator': '',
    PrivateMailbox: '',
    USUrbanName: '',
    Country: 'United States of America',
    RRHC: parts.rrhc,
    LocationCode: parts.locationCode,
    MatchCode: parts.matchCode,
    StreetDataType: database,
    Confidence: parts.confidence,
    ProcessedBy: 'KGL',
    IsCloseMatch: parts.isCloseMatch,
    Status: parts.status,
    'Status.Code': parts.statusCode,
    'Status.Description': parts.statusDescription,
  };
}

/** Values of the groups that are returned on request. */
export type ExtraValues = Readonly<Partial<Record<ExtraGroup, OutputRow>>>;

/** Adds the groups asked for to a row, what the data does not know as empty text. */
export function addGroups(
  row: OutputRow,
  empty: OutputRow,
  groups: ReadonlySet<ExtraGroup>,
  values: ExtraValues,
): OutputRow {
  Object.assign(row, empty);
  for (const group of groups) Object.assign(row, values[group]);
  return row;
}
