import * as fc from 'fast-check';
import type {
  AddressPointRecord,
  AddressRangeRecord,
  Coordinates,
  PostalCodeRecord,
  StreetContent,
} from '../../server/reference-data/index.ts';

/** Places within a few hundred metres, in millionths of a degree as the files keep them. */
export const arbitraryPlace: fc.Arbitrary<Coordinates> = fc.record({
  longitude: fc.integer({ min: -77_005_000, max: -77_000_000 }).map((units) => units / 1e6),
  latitude: fc.integer({ min: 38_900_000, max: 38_905_000 }).map((units) => units / 1e6),
});

const arbitraryHouseNumber = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.constantFrom('12A', '12-34', '12 1/2', 'A12', '007', '1234567890', 'N6W23001', '½', ''),
);

const arbitraryPoint: fc.Arbitrary<AddressPointRecord> = fc
  .record({
    houseNumber: arbitraryHouseNumber,
    unit: fc.constantFrom(['', ''], ['APT', '1'], ['APT', '10B'], ['STE', 'B'], ['#', '2-É'], ['LBBY', '']),
    addOn: fc.constantFrom('', '0001', '9999'),
    coordinates: arbitraryPlace,
    firmName: fc.option(fc.constantFrom('ACME TOOLS', 'CAFÉ ½'), { nil: undefined }),
  })
  .map(({ unit: [unitDesignator = '', unitNumber = ''], ...rest }) => ({ ...rest, unitDesignator, unitNumber }));

const arbitraryRange: fc.Arbitrary<AddressRangeRecord> = fc
  .record({
    low: fc.integer({ min: 0, max: 99_999 }),
    span: fc.integer({ min: 0, max: 400 }),
    parity: fc.constantFrom('E' as const, 'O' as const, 'B' as const),
    side: fc.constantFrom('L' as const, 'R' as const),
    addOn: fc.constantFrom('', '1234'),
    shape: fc.array(arbitraryPlace, { minLength: 2, maxLength: 5 }),
  })
  .map(({ span, ...range }) => ({ ...range, high: range.low + span }));

const codes = ['00601', '20020', '20021', '99950'];

const arbitraryStreet: fc.Arbitrary<StreetContent> = fc
  .record({
    postalCode: fc.constantFrom(...codes),
    predirectional: fc.constantFrom('', 'N', 'SW'),
    name: fc.oneof(
      fc.constantFrom('MAIN', 'MAINE', 'MAIN STREET', 'A', '1ST', 'ÉTOILE', 'CALLE 1'),
      fc.string({ minLength: 1, maxLength: 6 }),
    ),
    suffix: fc.constantFrom('', 'ST', 'AVE'),
    postdirectional: fc.constantFrom('', 'SE'),
    city: fc.constantFrom('', 'ANACOSTIA'),
    urbanization: fc.constantFrom(undefined, undefined, 'URB ALAMAR', 'EXT ÁLAMO'),
  })
  .chain((street) =>
    fc.record({
      street: fc.constant(street),
      points: fc.array(arbitraryPoint, { maxLength: 150, size: 'max' }),
      ranges: fc.array(arbitraryRange, { maxLength: 5 }),
    }),
  );

/** Streets of a few ZIP Codes, each street once, each with many points now and then. */
export const arbitraryStreets: fc.Arbitrary<readonly StreetContent[]> = fc.uniqueArray(arbitraryStreet, {
  maxLength: 40,
  size: 'max',
  selector: ({ street }) => JSON.stringify(Object.values(street)),
});

const arbitraryPostalCode = (code: string): fc.Arbitrary<PostalCodeRecord> =>
  fc.record({
    code: fc.constant(code),
    kind: fc.constantFrom('standard' as const, 'poBox' as const, 'unique' as const, 'military' as const),
    stateProvince: fc.constantFrom('DC', 'MD', 'AE'),
    countyName: fc.constantFrom('', 'PRINCE GEORGES'),
    countyFips: fc.constantFrom('', '24033', '01001'),
    cities: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('WASHINGTON', 'SAINT MARYS', 'NORTH BEACH', 'FORT HILL'),
        type: fc.constantFrom('P' as const, 'S' as const, 'V' as const),
      }),
      { maxLength: 3, selector: ({ name }) => name },
    ),
    centroid: fc.option(
      fc.record({
        longitude: fc.integer({ min: -79_000_000, max: -75_000_000 }).map((units) => units / 1e6),
        latitude: fc.integer({ min: 37_000_000, max: 40_000_000 }).map((units) => units / 1e6),
      }),
      { nil: undefined },
    ),
  });

export const arbitraryPostalCodes: fc.Arbitrary<readonly PostalCodeRecord[]> = fc
  .subarray([...codes, '20001', '20002', '20003', '20500'])
  .chain((chosen) => fc.tuple(...chosen.map(arbitraryPostalCode)));
