import type { AddressDatabase, Coordinates, PostalCodeRecord } from '../../reference-data/index.ts';

/** The middle of a city, as the mean of its ZIP Codes' centroids; undefined when none is known. */
export function findCityCentroid(
  database: AddressDatabase,
  city: string,
  stateProvince: string,
): Coordinates | undefined {
  return meanOf(database.listPostalCodesOfCity(city, stateProvince));
}

/** The middle of a county, as the mean of its ZIP Codes' centroids. @param countyFips five digits */
export function findCountyCentroid(
  database: AddressDatabase,
  countyFips: string,
  stateProvince: string,
): Coordinates | undefined {
  return meanOf(listStateCodes(database, stateProvince).filter((record) => record.countyFips === countyFips));
}

/** The middle of a state, as the mean of its ZIP Codes' centroids: where people live rather than where land is. */
export function findStateCentroid(database: AddressDatabase, stateProvince: string): Coordinates | undefined {
  return meanOf(listStateCodes(database, stateProvince));
}

function listStateCodes(database: AddressDatabase, stateProvince: string): readonly PostalCodeRecord[] {
  const records = new Map<string, PostalCodeRecord>();
  for (const city of database.listCities(stateProvince)) {
    for (const record of database.listPostalCodesOfCity(city, stateProvince)) records.set(record.code, record);
  }
  return [...records.values()];
}

function meanOf(records: readonly PostalCodeRecord[]): Coordinates | undefined {
  const places = records.flatMap(({ centroid }) => centroid ?? []);
  if (places.length === 0) return undefined;
  return {
    longitude: places.reduce((sum, place) => sum + place.longitude, 0) / places.length,
    latitude: places.reduce((sum, place) => sum + place.latitude, 0) / places.length,
  };
}
