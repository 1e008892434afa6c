import { formatAddressKey } from '../../server/address/index.ts';
import type { AddressDatabase } from '../../server/reference-data/index.ts';
import { createInMemoryAddressDatabase } from './in-memory-address-database.ts';

/** A small invented town that every service of the registry can answer about. */
export function createDemonstrationPlaces(): AddressDatabase {
  return createInMemoryAddressDatabase({
    postalCodes: [
      {
        code: '12180',
        stateProvince: 'NY',
        countyFips: '36083',
        cities: ['TROY'],
        centroid: { longitude: -73.62, latitude: 42.73 },
      },
    ],
    foreignPlaces: [
      {
        country: 'CA',
        code: 'M9W',
        city: 'Etobicoke',
        region: 'Ontario',
        regionCode: 'ON',
        otherNames: ['Toronto'],
        centroid: { longitude: -79.58, latitude: 43.71 },
      },
    ],
    streets: [
      {
        postalCode: '12180',
        name: 'GLOBAL',
        suffix: 'VW',
        points: [
          { houseNumber: '1', addOn: '8371', coordinates: { longitude: -73.703051, latitude: 42.682859 } },
          { houseNumber: '11', coordinates: { longitude: -73.704051, latitude: 42.683859 } },
        ],
      },
    ],
  });
}

/** Values by which fields of these names find something there. */
export const demonstrationValues: Readonly<Record<string, string>> = {
  AddressLine1: '1 Global View',
  City: 'Troy',
  StateProvince: 'NY',
  PostalCode: '12180',
  Longitude: '-73.703051',
  Latitude: '42.682859',
  MainAddressLine: '1 Global View',
  AreaName1: 'NY',
  AreaName3: 'Troy',
  PostCode1: '12180',
  Key: formatAddressKey({
    street: { postalCode: '12180', predirectional: '', name: 'GLOBAL', suffix: 'VW', postdirectional: '', city: '' },
    houseNumber: '1',
    unitDesignator: '',
    unitNumber: '',
  }),
  X: '-73.703051',
  Y: '42.682859',
  FirstLatitude: '42.682859',
  FirstLongitude: '-73.703051',
  SecondLatitude: '42.683859',
  SecondLongitude: '-73.704051',
};
