import type { OutputRow } from '../../services/index.ts';
import type { ServiceCall } from '../rest/call.ts';
import type { DescribedOperation } from './capabilities.ts';
import { toGeocodeResponse } from './geocode-answer.ts';
import { readGeocodeBody, readGeocodeQuery, readPointsBody } from './geocode-request.ts';
import { readInteractiveBody, readInteractiveQuery, toInteractiveResponse } from './interactive.ts';
import { readKeyBody, readKeyQuery } from './key-request.ts';

/** One URL of the global geocoder and the service that it calls. */
export interface Operation extends Omit<DescribedOperation, 'definition'> {
  readonly service: string;
  readQuery(url: string): ServiceCall;
  readBody(text: string): ServiceCall;
  present(rows: readonly OutputRow[]): object;
  /** Whether a posted request is about one address and so is its response. */
  readonly takesOne?: boolean;
}

const fallbacks = { fallbackPostal: 'FallbackToPostal', fallbackGeo: 'FallbackToGeographic' };
const offsets = {
  streetOffset: 'StreetOffset',
  streetOffsetUnits: 'StreetOffsetUnits',
  cornerOffset: 'CornerOffset',
  cornerOffsetUnits: 'CornerOffsetUnits',
};
const areas = { lastLine: 'AddressLastLine', areaName1: 'AreaName1', areaName3: 'AreaName3', postalCode: 'PostCode1' };
const most = { maxCands: 'MaxReturnedCandidates' };

export const operations: readonly Operation[] = [
  {
    name: 'geocode',
    service: 'GlobalGeocode',
    readQuery: readGeocodeQuery,
    readBody: readGeocodeBody,
    present: toGeocodeResponse,
    required: { mainAddress: 'MainAddressLine' },
    optional: {
      ...areas,
      country: 'Country',
      geocodeType: 'Type',
      ...fallbacks,
      ...most,
      ...offsets,
      matchMode: 'MatchMode',
    },
    needs: ['postalCentroid', 'geographicCentroid', 'streetSegment', 'addressPoint'],
  },
  {
    name: 'reverseGeocode',
    service: 'GlobalReverseGeocode',
    readQuery: readGeocodeQuery,
    readBody: readPointsBody,
    present: toGeocodeResponse,
    required: { x: 'X', y: 'Y' },
    optional: { country: 'Country', distance: 'Distance', distanceUnits: 'DistanceUnits', ...most },
    needs: ['streetSegment', 'addressPoint'],
  },
  {
    name: 'interactive',
    service: 'GlobalTypeAhead',
    readQuery: readInteractiveQuery,
    readBody: readInteractiveBody,
    present: toInteractiveResponse,
    takesOne: true,
    required: { mainAddress: 'AddressLine1' },
    optional: { areaName1: 'StateProvince', areaName3: 'City', postalCode: 'PostalCode', maxCands: 'MaximumResults' },
    needs: ['streetSegment', 'addressPoint'],
  },
  {
    name: 'keyLookup',
    service: 'GlobalKeyLookup',
    readQuery: readKeyQuery,
    readBody: readKeyBody,
    present: toGeocodeResponse,
    required: { key: 'Key' },
    optional: { type: 'Type', country: 'Country' },
    needs: ['streetSegment', 'addressPoint'],
  },
];
