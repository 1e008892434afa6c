import { Merge } from '../../../server/builder/merge.ts';
import type { SourceFact } from '../../../server/builder/source.ts';

const centroid = { longitude: -77, latitude: 38.9 };

function postalCode(code: string, stateProvince: string, city: string): SourceFact {
  const cities = city === '' ? [] : [{ name: city, type: 'P' as const }];
  const county = { countyName: '', countyFips: '' };
  return { kind: 'postal-code', postalCode: { code, stateProvince, ...county, cities, centroid } };
}

function point(city: string, houseNumber = '1', longitude = -77): SourceFact {
  const street = { postalCode: '20020', predirectional: '', name: 'T', suffix: 'ST', postdirectional: '', city };
  const coordinates = { longitude, latitude: 38.9 };
  const own = { houseNumber, unitDesignator: '', unitNumber: '', addOn: '', coordinates };
  return { kind: 'point', street, stateProvince: 'DC', point: own };
}

function merge(...facts: readonly SourceFact[]): Merge {
  const merged = new Merge();
  for (const fact of facts) merged.add(fact);
  return merged;
}

test('the first point of an address stays', () => {
  const merged = merge(postalCode('20020', 'DC', 'WASHINGTON'), point('WASHINGTON'), point('WASHINGTON', '1', -78));
  const [street] = merged.streets().get('20020') ?? [];
  expect(street?.points.map(({ coordinates }) => coordinates.longitude)).toEqual([-77]);
  expect(merged.report).toEqual([{ reason: 'the address is there already', count: 1, firstPlaces: ['20020 1 T'] }]);
});

test('a street in the primary city names none, one elsewhere does', () => {
  const merged = merge(
    postalCode('20020', 'DC', 'SAINT MARYS'),
    point('ST MARYS'),
    point('ANACOSTIA'),
    point('ANACOSTIA', '3'),
  );
  expect(
    merged
      .streets()
      .get('20020')
      ?.map(({ street, points }) => [street.city, points.length]),
  ).toEqual([
    ['', 1],
    ['ANACOSTIA', 2],
  ]);
  expect(merged.postalCodes()[0]?.cities).toEqual([
    { name: 'SAINT MARYS', type: 'P' },
    { name: 'ANACOSTIA', type: 'S' },
  ]);
});

test('the city of a point becomes the primary city where there is none', () => {
  const merged = merge(postalCode('20020', 'DC', ''), point('ANACOSTIA'));
  expect(merged.postalCodes()[0]?.cities).toEqual([{ name: 'ANACOSTIA', type: 'P' }]);
  expect(merged.streets().get('20020')?.[0]?.street.city).toBe('');
});

test.each([
  ['the ZIP Code of a point is unknown', [point('WASHINGTON')]],
  ['a point lies in another state than its ZIP Code', [postalCode('20020', 'MD', 'WASHINGTON'), point('WASHINGTON')]],
  ['the ZIP Code is there already', [postalCode('20020', 'DC', 'A'), postalCode('20020', 'DC', 'B')]],
  [
    'the ZIP Code belongs to no known state',
    [{ kind: 'centroid' as const, code: '00000', stateProvince: '', centroid }],
  ],
])('leaves out, with the reason: %s', (reason, facts) => {
  expect(merge(...facts).report.map((one) => [one.reason, one.count])).toEqual([[reason, 1]]);
});
