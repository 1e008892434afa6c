export type { AddressDatabase, StreetView } from './address-database.ts';
export { Catalogue } from './catalogue.ts';
export { normalizeCity } from './city-names.ts';
export { distanceMeters, distanceToShapeMeters, metersPerDegree } from './distance.ts';
export { type ForeignPlace, type ForeignPlaces, toForeignCityKey } from './foreign-places.ts';
export { fileNames } from './format.ts';
export type { BlockNumbering, Manifest, ManifestCounts, ManifestFile, ManifestSource } from './manifest.ts';
export { comparePoints, compareStreets } from './ordering.ts';
export type {
  AddressPointRecord,
  AddressRangeRecord,
  BaseStreet,
  CityRecord,
  Coordinates,
  NearbyPoint,
  NearbyRange,
  PostalCodeRecord,
  StreetAlias,
  StreetAliasType,
  StreetRecord,
} from './records.ts';
export { parseManifest } from './sealed-manifest.ts';
export { listSealedVintages } from './sealed-vintages.ts';
export {
  type EncodedStreet,
  type EncodedStreets,
  encodeAlias,
  encodeStreet,
  layOutStreets,
  type StreetContent,
} from './street-encoding.ts';
export { listUseRecords, type UseRecord, writeUseRecord } from './use-records.ts';
export { openAddressDatabase, readManifest, verifyVintage } from './vintage.ts';
export { VintageWriter } from './vintage-writer.ts';
