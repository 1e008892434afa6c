import type { OutputRow } from '../../services/index.ts';
import { escapeXml } from '../rest/xml-answer.ts';

/** Response to one address (geocoding reference section 3). */
export interface GeocodeResponse {
  readonly totalPossibleCandidates: number;
  readonly totalMatches: number;
  readonly candidates: readonly object[];
}

/** The rows of one address as its response; a row of failure is no candidate. */
export function toGeocodeResponse(rows: readonly OutputRow[]): GeocodeResponse {
  const found = rows.filter(({ Status }) => Status === undefined);
  return {
    totalPossibleCandidates: Number(rows[0]?.TotalPossibleCandidates ?? 0),
    totalMatches: found.length,
    candidates: found.map(toCandidate),
  };
}

function toCandidate(row: OutputRow): object {
  const isUnitedStates = row.Country === 'USA';
  return {
    // Location codes say the same of addresses in the United States.
    precisionLevel: isUnitedStates ? null : Number(row.PrecisionLevel),
    formattedStreetAddress: row.FormattedStreetAddress ?? '',
    formattedLocationAddress: row.FormattedLocationAddress ?? '',
    identifier: row.FeatureID ?? null,
    precisionCode: row.PrecisionCode ?? null,
    sourceDictionary: '0',
    matching: toMatching(row),
    geometry: {
      type: 'Point',
      coordinates: [Number(row.X), Number(row.Y)],
      crs: { type: 'name', properties: { name: 'EPSG:4326' } },
    },
    address: {
      mainAddressLine: row.MainAddressLine ?? '',
      addressLastLine: row.AddressLastLine ?? '',
      placeName: row.PlaceName ?? '',
      areaName1: row.AreaName1 ?? '',
      areaName2: row.AreaName2 ?? '',
      areaName3: row.AreaName3 ?? '',
      areaName4: row.AreaName4 ?? '',
      postCode1: row.PostCode1 ?? '',
      postCode2: row.PostCode2 ?? '',
      country: row.Country ?? '',
      addressNumber: row.AddressNumber ?? '',
      streetName: row.StreetName ?? '',
      unitType: row.UnitType ?? null,
      unitValue: row.UnitValue ?? null,
      customFields: toCustomFields(row),
    },
    ranges: [],
  };
}

/** The published elements, in their order. */
const matchMembers = [
  'AddressNumber',
  'PostCode1',
  'PostCode2',
  'AreaName1',
  'AreaName2',
  'AreaName3',
  'AreaName4',
  'AllStreetFields',
  'StreetName',
  'StreetType',
  'StreetDirectional',
  'PlaceName',
  'InputFields',
] as const;

/** Null for elements that candidates are not held against, and for a whole candidate that is no address. */
function toMatching(row: OutputRow): object | null {
  if (row.MatchOnAddressNumber === undefined) return null;
  const flags = matchMembers.map((name) => {
    const value = row[`MatchOn${name}`];
    return [`matchOn${name}`, value === undefined ? null : value === 'true'];
  });
  return Object.fromEntries(flags);
}

function toCustomFields({ LocationCode, MatchCode, Confidence, Distance, FeatureID }: OutputRow): object {
  const fields = {
    LOC_CODE: LocationCode,
    MATCH_CODE: MatchCode,
    CONFIDENCE: Confidence,
    DISTANCE: Distance,
    PB_KEY: FeatureID,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A JSON value as XML: members are elements, an entry of an array one more element of its name. */
export function formatXmlValue(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((entry) => formatXmlValue(name, entry)).join('');
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  const content = Object.entries(value).map(([member, inner]) => formatXmlValue(member, inner));
  return `<${name}>${content.join('')}</${name}>`;
}
