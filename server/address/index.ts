export { formatAddressBlocks, formatLastLine } from './formatting/address-blocks.ts';
export { applyCasing, applyCasingToName, type Casing, recase } from './formatting/casing.ts';
export { isUnitedStates } from './formatting/countries.ts';
export { findCheckDigit, findDeliveryPoint } from './formatting/delivery-point.ts';
export { formatAddressKey, parseAddressKey } from './geocoding/address-key.ts';
export { addressPreferences, preferReading } from './geocoding/address-preference.ts';
export { listChangedParts } from './geocoding/changed-parts.ts';
export {
  type CoordinateFormat,
  coordinateFormats,
  formatCoordinate,
  parseCoordinate,
} from './geocoding/coordinate-format.ts';
export { distanceUnits, fromUnit, measureDistance } from './geocoding/distance-units.ts';
export { type ForeignCentroid, type ForeignSearch, findForeignCentroid } from './geocoding/foreign-centroids.ts';
export { type GeocodedAddress, type GeocodeResult, type GeocodeSettings, geocodeAddress } from './geocoding/forward.ts';
export { lengthMeters } from './geocoding/interpolation.ts';
export type { Intersection } from './geocoding/intersections.ts';
export { type KeyedLocation, locateKey } from './geocoding/keyed-location.ts';
export { locationCodes, measureAreaConfidence } from './geocoding/location-code.ts';
export { formatCrossingCode, formatMatchCode, matchErrors, plainMatchCodes } from './geocoding/match-code.ts';
export { formatPrecisionCode } from './geocoding/precision-code.ts';
export { type ReverseResult, reverseGeocode } from './geocoding/reverse.ts';
export { toFeet, toMeters } from './geocoding/units.ts';
export { findCanadianPlaces } from './international/canadian-places.ts';
export { findCountryCode, formatCountryName } from './international/country-names.ts';
export type { ForeignAddress } from './international/foreign-address.ts';
export { type AddressInput, type ParsedAddress, parseAddress } from './parsing/address.ts';
export { parseAddressLines } from './parsing/address-lines.ts';
export { parseDeliveryLine } from './parsing/delivery-line.ts';
export { formatStreet } from './parsing/dual-address.ts';
export { standardizeHouseNumber } from './parsing/house-number.ts';
export { listInputParts } from './parsing/input-parts.ts';
export { parseLastLine } from './parsing/last-line.ts';
export { isCanadianPostalCode, parsePostalCode } from './parsing/postal-code.ts';
export { parseStreetLine } from './parsing/street-line.ts';
export { parseUnit } from './parsing/unit.ts';
export { findCitiesOfPostalCode } from './places/cities-of-postal-code.ts';
export { findPostalCodesOfCity, type PostalCodesOfCity } from './places/postal-codes-of-city.ts';
export { type Suggestion, suggestAddresses } from './type-ahead/suggestions.ts';
export { type AddressCandidate, type CandidateList, listAddressCandidates } from './validation/address-candidates.ts';
export type { MatchSettings } from './validation/candidates.ts';
export { measureConfidence } from './validation/confidence.ts';
export { type MatchResult, matchAddress } from './validation/matching.ts';
export { listResultCodes, type ResultCodes } from './validation/result-codes.ts';
export { formatPrimaryLine, type StandardAddress, standardizeMatch } from './validation/standardization.ts';
export { validateAddress } from './validation/validate-address.ts';
export type { ValidatedAddress, ValidationInput } from './validation/validated-address.ts';
export type { ValidationSettings } from './validation/validation-settings.ts';
