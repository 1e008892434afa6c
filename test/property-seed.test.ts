import fc from 'fast-check';

test('properties try the same cases in every run unless told otherwise', () => {
  const { PROPERTY_SEED: asked } = process.env;
  const expected = asked === undefined ? expect.any(Number) : asked === 'random' ? undefined : Number(asked);
  expect(fc.readConfigureGlobal().seed).toEqual(expected);
});
