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
    identifier: null,
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

/** Elements that no candidate is held against are absent from the row. */
function toMatching(row: OutputRow): object | null {
  const flags = Object.entries(row).filter(([name]) => name.startsWith('MatchOn'));
  if (flags.length === 0) return null;
  return Object.fromEntries(flags.map(([name, value]) => [`m${name.slice(1)}`, value === 'true']));
}

function toCustomFields({ LocationCode, MatchCode, Confidence, Distance }: OutputRow): object {
  const fields = { LOC_CODE: LocationCode, MATCH_CODE: MatchCode, CONFIDENCE: Confidence, DISTANCE: Distance };
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
