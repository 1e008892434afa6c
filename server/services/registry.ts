import { autoComplete } from './auto-complete/service.ts';
import { calculateDistance } from './calculate-distance/service.ts';
import type { ServiceDefinition } from './definition.ts';
import { geocodeUSAddress } from './geocode-us-address/service.ts';
import { getCandidateAddresses } from './get-candidate-addresses/service.ts';
import { getCityStateProvince } from './get-city-state-province/service.ts';
import { getPostalCodes } from './get-postal-codes/service.ts';
import { globalGeocode } from './global-geocode/service.ts';
import { globalKeyLookup } from './global-key-lookup/service.ts';
import { globalReverseGeocode } from './global-reverse-geocode/service.ts';
import { globalTypeAhead } from './global-type-ahead/service.ts';
import { reverseGeocodeUSLocation } from './reverse-geocode-us-location/service.ts';
import { validateAddressService } from './validate-address/service.ts';

/** Every callable service, in the order of the listing. A new service is its folder and one line here. */
export const serviceRegistry: readonly ServiceDefinition[] = [
  validateAddressService,
  getCandidateAddresses,
  getCityStateProvince,
  getPostalCodes,
  globalTypeAhead,
  autoComplete,
  geocodeUSAddress,
  reverseGeocodeUSLocation,
  calculateDistance,
  globalGeocode,
  globalReverseGeocode,
  globalKeyLookup,
];
