import { type ValidatedAddress, type ValidationSettings, validateAddress } from '../../../../server/address/index.ts';
import { createExampleDatabase } from '../../../support/example-addresses.ts';

import { createForeignPlaces } from '../../../support/in-memory-address-database.ts';

const settings: ValidationSettings = {
  street: 'M',
  directional: 'M',
  firm: 'M',
  keepsAlias: true,
  prefersAlias: false,
  abbreviates: false,
  casing: 'M',
  lineFormat: 'C',
  dualAddressLogic: 'N',
  privateMailboxLine: 'N',
  cityName: 'given',
  preferredCity: 'Z',
  countryFormat: 'E',
  homeCountry: 'United States',
  performsUnitedStates: true,
  canadianPlaces: createForeignPlaces([]),
  otherPlaces: createForeignPlaces([]),
  performsCanada: true,
  performsInternational: true,
  foreign: {
    casing: 'M',
    keepsDiacritics: false,
    countryFormat: 'E',
    separatesPostalCode: true,
    canadian: {
      frenchFormat: 'C',
      englishApartmentLabel: 'Apt',
      frenchApartmentLabel: 'App',
      nonCivicFormat: 'A',
      ruralRouteFormat: 'A',
      deliveryOfficeFormat: 'I',
      unitFormat: 'B',
    },
  },
  searchesLines: true,
  extractsFirm: false,
  extractsUrbanization: false,
  formatsFailures: false,
  keepsMultiple: false,
  maximumResults: 1,
};

async function validate(text: string, given: Partial<ValidationSettings> = {}): Promise<ValidatedAddress | undefined> {
  const database = createExampleDatabase();
  const [line = '', city = '', stateProvince = '', postalCode = ''] = text.split('|');
  const input = {
    addressLines: [line],
    city,
    stateProvince,
    postalCode,
    country: '',
    firmName: '',
    urbanization: '',
    language: '',
  };
  const answers = await database.read((view) => validateAddress(input, { ...settings, ...given }, database, view));
  return answers[0];
}

test.each([
  ['all as given', '1825 Kramer Ln|Austin|TX|78758', 100],
  ['city and state from the ZIP Code', '1825 Kramer Ln|||78758', 100],
  ['ZIP Code filled in', '1825 Kramer Ln|Austin|TX|', 89],
  ['ZIP Code changed', '1825 Kramer Ln|Austin|TX|78701', 89],
  ['city misspelt', '1825 Kramer Ln|Asutin|TX|78758', 95],
  ['suffix filled in', '1825 Kramer|Austin|TX|78758', 99],
  ['suffix changed', '1825 Kramer Rd|Austin|TX|78758', 98],
  ['street name changed', '1825 Kremer Ln|Austin|TX|78758', 93],
  ['directional filled in', '9003 Lamar Blvd|Austin|TX|78758', 98],
  ['unit missing', '4200 Parliament Pl|Lanham|MD|20706', 95],
  ['unit not in the data', '1825 Kramer Ln Apt 5|Austin|TX|78758', 95],
  ['no match', '9 Nowhere St|Austin|TX|78758', 0],
  ['several matches', '100 Oak|Austin|TX|78758', 0],
])('%s', async (_what, text, confidence) => {
  expect((await validate(text))?.confidence).toBe(confidence);
});

test.each([
  ['given', 'Z', 'Lanham'],
  ['V', 'Z', 'Glenn Dale Hills'],
] as const)('city name %p, preferred %p: a vanity name becomes %p', async (cityName, preferredCity, city) => {
  const answer = await validate('4200 Parliament Pl Ste 600|Glenn Dale Hills|MD|20706', { cityName, preferredCity });
  expect(answer?.city).toBe(city);
});

test('the primary city replaces a secondary one when asked', async () => {
  const text = '4200 Parliament Pl Ste 600|Seabrook|MD|20706';
  expect((await validate(text))?.city).toBe('Seabrook');
  expect((await validate(text, { preferredCity: 'P' }))?.city).toBe('Lanham');
});
