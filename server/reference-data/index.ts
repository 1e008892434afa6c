export type { AddressDatabase, StreetView } from './address-database.ts';
export type { Manifest, ManifestCounts, ManifestFile, ManifestSource } from './manifest.ts';
export type {
  AddressPointRecord,
  AddressRangeRecord,
  CityRecord,
  Coordinates,
  NearbyPoint,
  NearbyRange,
  PostalCodeRecord,
  StreetRecord,
} from './records.ts';
