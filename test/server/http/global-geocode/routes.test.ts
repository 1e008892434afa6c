import { serviceRegistry } from '../../../../server/services/index.ts';
import { createDemonstrationPlaces } from '../../../support/demonstration-places.ts';
import { openTestGateway, type TestGateway } from '../../../support/test-gateway.ts';
import { childrenOf, parseXmlTree } from '../../../support/xml-tree.ts';

let gateway: TestGateway;
beforeAll(async () => {
  const services = serviceRegistry.filter(({ name }) => name.startsWith('Global'));
  gateway = await openTestGateway({ services, database: createDemonstrationPlaces() });
});
afterAll(() => gateway.close());

async function call(path: string, body?: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${gateway.origin}/rest/GlobalGeocode/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: gateway.authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const query = 'mainAddress=1+global+view&lastLine=troy,+ny+12180';
const candidate = {
  precisionLevel: null,
  formattedStreetAddress: '1 Global Vw',
  formattedLocationAddress: 'Troy, NY  12180-8371',
  precisionCode: 'S8HPNTSCZA',
  geometry: {
    type: 'Point',
    coordinates: [-73.703051, 42.682859],
    crs: { type: 'name', properties: { name: 'EPSG:4326' } },
  },
  address: {
    areaName1: 'NY',
    areaName3: 'Troy',
    postCode1: '12180',
    postCode2: '8371',
    country: 'USA',
    unitType: null,
  },
  matching: { matchOnAddressNumber: true, matchOnAllStreetFields: true },
  ranges: [],
};

test.each(['geocode', 'geocode.json'])('GET %s answers one address', async (path) => {
  const { status, type, text } = await call(`${path}?${query}`);
  expect([status, type]).toEqual([200, 'application/json;charset=utf-8']);
  expect(JSON.parse(text)).toMatchObject({ totalPossibleCandidates: 1, totalMatches: 1, candidates: [candidate] });
});

test('the format follows the suffix, then the Accept header', async () => {
  for (const { text } of [
    await call(`geocode.xml?${query}`),
    await call(`geocode?${query}`, undefined, { accept: 'application/xml' }),
  ]) {
    const root = parseXmlTree(text);
    const [found] = childrenOf(root, 'candidates');
    expect(childrenOf(found, 'formattedStreetAddress')[0]?.text).toBe('1 Global Vw');
    expect(childrenOf(childrenOf(found, 'geometry')[0], 'coordinates').map((each) => each.text)).toEqual([
      '-73.703051',
      '42.682859',
    ]);
  }
});

/** The documented request with its many empty members. */
const documented = {
  type: 'ADDRESS',
  preferences: {
    returnAllCandidateInfo: null,
    fallbackToGeographic: null,
    fallbackToPostal: null,
    maxReturnedCandidates: null,
    streetOffset: null,
    matchMode: null,
    clientLocale: null,
    clientCoordSysName: null,
    streetOffsetUnits: 'METERS',
    mustMatchFields: { matchOnAddressNumber: false, matchOnPostCode1: false },
    customPreferences: {},
  },
  addresses: [
    { mainAddressLine: '1 Global View, Troy NY 12180', addressLastLine: null, country: 'USA', customFields: {} },
    { mainAddressLine: '99 Nowhere, Atlantis', country: null },
  ],
};

test('POST answers each address', async () => {
  const { status, text } = await call('geocode.json', JSON.stringify(documented));
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    responses: [
      { totalMatches: 1, candidates: [candidate] },
      { totalPossibleCandidates: 0, totalMatches: 0, candidates: [] },
    ],
  });
});

test('preferences count', async () => {
  const preferences = { fallbackToPostal: false, fallbackToGeographic: false };
  const addresses = [{ mainAddressLine: '99 Nowhere St', postCode1: '12180' }];
  const strict = JSON.parse((await call('geocode', JSON.stringify({ preferences, addresses }))).text);
  const lenient = JSON.parse((await call('geocode', JSON.stringify({ addresses }))).text);
  expect([strict.responses[0].totalMatches, lenient.responses[0].candidates[0].precisionCode]).toEqual([0, 'Z1']);
});

test('reverse geocoding answers the nearest address', async () => {
  const { text } = await call('reverseGeocode.json?x=-73.7030&y=42.6828&distance=500&distanceUnits=FEET');
  expect(JSON.parse(text)).toMatchObject({ totalMatches: 1, candidates: [{ formattedStreetAddress: '1 Global Vw' }] });
});

test('a partly typed address has its candidates', async () => {
  const { status, text } = await call('interactive.json?mainAddress=1+glo&lastLine=troy+ny+12180&maxCands=5');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    totalMatches: 1,
    candidates: [
      {
        formattedStreetAddress: '1 Global Vw',
        address: { areaName3: 'Troy', postCode1: '12180' },
        ranges: [{ lowHouse: '1', highHouse: '1', units: [] }],
      },
    ],
  });
  expect(JSON.parse((await call('interactive?mainAddress=x')).text)).toMatchObject({ totalMatches: 0, candidates: [] });
});

test('a key leads back to its address', async () => {
  const found = JSON.parse((await call(`geocode.json?${query}`)).text).candidates[0];
  const key = found.identifier;
  expect(found.address.customFields.PB_KEY).toBe(key);
  const byQuery = JSON.parse((await call(`keyLookup.json?key=${key}&country=USA&type=PB_KEY`)).text);
  expect(byQuery).toEqual({ totalPossibleCandidates: 1, totalMatches: 1, candidates: [found] });
  const keys = [{ value: key, country: 'USA' }, { value: 'P0000GL638OL' }, { value: key, country: 'CAN' }];
  const byBody = JSON.parse((await call('keyLookup', JSON.stringify({ keys, type: 'PB_KEY' }))).text);
  expect(byBody.responses.map(({ totalMatches }: { totalMatches: number }) => totalMatches)).toEqual([1, 0, 0]);
  expect(byBody.responses[0].candidates).toEqual([found]);
  const reversed = JSON.parse((await call('reverseGeocode?x=-73.7030&y=42.6828')).text).candidates[0];
  expect(reversed.identifier).toBe(key);
});

test('points are posted as GeoJSON', async () => {
  const crs = { type: 'name', properties: { name: 'epsg:4326' } };
  const points = [
    { country: 'USA', geometry: { type: 'Point', coordinates: [-73.703, 42.6828], crs } },
    { geometry: { type: 'Point', coordinates: [-70, 41] } },
  ];
  const { responses } = JSON.parse((await call('reverseGeocode', JSON.stringify({ points }))).text);
  expect(responses).toMatchObject([
    { totalMatches: 1, candidates: [{ formattedStreetAddress: '1 Global Vw' }] },
    { totalMatches: 0, candidates: [] },
  ]);
});

test('a partly typed address may be posted', async () => {
  const address = { mainAddressLine: '1 glo', areaName3: 'Troy', areaName1: 'NY' };
  const body = JSON.stringify({ preferences: { maxReturnedCandidates: 2 }, address });
  expect(JSON.parse((await call('interactive.json', body)).text)).toMatchObject({
    candidates: [{ formattedStreetAddress: '1 Global Vw' }],
  });
});

interface Listed {
  readonly supportedCountries: readonly string[];
  readonly supportedOperations: readonly {
    readonly name: string;
    readonly requiredInputs: readonly { readonly name: string; readonly description: string }[];
    readonly optionalInputs: readonly {
      readonly name: string;
      readonly description: string;
      readonly defaultValue: string | null;
      readonly allowedValuesWithDescriptions: Readonly<Record<string, string>>;
    }[];
    readonly supportLevels: readonly object[];
  }[];
}
const capabilitiesOf = async (parameters: string): Promise<Listed> =>
  JSON.parse((await call(`capabilities.json${parameters}`)).text);
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

test('it says what it can do where', async () => {
  const all = await capabilitiesOf('');
  expect(all).toMatchObject({ supportedCountries: ['USA', 'CAN'], maximumBatchSize: 100 });
  expect(namesOf(all.supportedOperations)).toEqual(['geocode', 'reverseGeocode', 'interactive', 'keyLookup']);
  expect(all.supportedOperations[0]?.supportLevels).toEqual([
    { supportedDataLevel: 11, countries: ['USA'] },
    { supportedDataLevel: 3, countries: ['CAN'] },
  ]);
  const canada = await capabilitiesOf('?country=Canada');
  expect([canada.supportedCountries, namesOf(canada.supportedOperations)]).toEqual([['CAN'], ['geocode']]);
  expect(await capabilitiesOf('?country=GBR')).toMatchObject({ supportedCountries: [], supportedOperations: [] });
  expect(namesOf((await capabilitiesOf('?country=USA&operation=keylookup')).supportedOperations)).toEqual([
    'keyLookup',
  ]);
});

test('every parameter that it lists is one of its service', async () => {
  const { supportedOperations } = await capabilitiesOf('');
  const inputs = supportedOperations.flatMap((each) => [...each.requiredInputs, ...each.optionalInputs]);
  expect(inputs.filter(({ description }) => description === '')).toEqual([]);
  const fallback = supportedOperations[0]?.optionalInputs.find(({ name }) => name === 'fallbackPostal');
  expect(fallback?.allowedValuesWithDescriptions).toEqual({ true: 'true', false: 'false' });
  expect(fallback?.defaultValue).toBe('true');
});

test('its dictionaries are the databases it reads', async () => {
  const { dictionaries } = JSON.parse((await call('dictionaries.json')).text);
  expect(dictionaries).toMatchObject([
    { index: 0, customDictionary: false, countrySupportInfos: [{ country: 'USA' }, { country: 'CAN' }] },
  ]);
  expect(JSON.parse((await call('dictionaries?country=DEU')).text)).toEqual({ dictionaries: [] });
});

test.each([
  ['capabilities?country=XQX', 'country "XQX" is not known; use a code such as USA'],
  ['capabilities?operation=fly', 'operation "fly" is not known; use geocode, reverseGeocode, interactive, keyLookup'],
  ['dictionaries?country=nowhere', 'country "nowhere" is not known; use a code such as USA'],
])('%s is refused', async (path, sentence) => {
  const { status, text } = await call(path);
  expect([status, JSON.parse(text).message]).toEqual([400, sentence]);
});

test.each([
  ['keyLookup', '{}', 'keys is missing; send an array of keys'],
  [
    'reverseGeocode',
    '{"points":[{}]}',
    'points[0].geometry is no GeoJSON point; send {"type":"Point","coordinates":[x,y]}',
  ],
  ['interactive', '{}', 'address is missing; send an object'],
])('%s with %s is refused', async (path, body, sentence) => {
  const { status, text } = await call(path, body);
  expect([status, JSON.parse(text).message]).toEqual([400, sentence]);
});

test.each([
  ['no JSON', 'x', 'MALFORMED_JSON'],
  ['no addresses', '{}', 'INVALID_REQUEST'],
  ['an address that is none', '{"addresses":[1]}', 'INVALID_REQUEST'],
  ['too many', JSON.stringify({ addresses: new Array(101).fill({}) }), 'INVALID_REQUEST'],
  [
    'another coordinate system',
    '{"preferences":{"clientCoordSysName":"EPSG:27700"},"addresses":[]}',
    'INVALID_REQUEST',
  ],
  ['an unknown mode', '{"preferences":{"matchMode":"WILD"},"addresses":[{}]}', 'INVALID_OPTION'],
  ['control characters', '{"addresses":[{"mainAddressLine":"\\u0001"}]}', 'INVALID_REQUEST'],
])('%s is refused', async (_title, body, code) => {
  const { status, text } = await call('geocode.json', body);
  expect([status, JSON.parse(text).code]).toEqual([400, code]);
});

test('nobody comes in without credentials', async () => {
  expect((await fetch(`${gateway.origin}/rest/GlobalGeocode/geocode.json?${query}`)).status).toBe(401);
});
