import { formatMatchCode } from '../../../../server/address/geocoding/match-code.ts';

const unchanged = {
  postalCode: false,
  city: false,
  stateProvince: false,
  addOn: false,
  suffix: false,
  predirectional: false,
  postdirectional: false,
  name: false,
};

/** Geocoding reference 1.4. */
test.each([
  ['S00', {}],
  ['S80', { addOn: true }],
  ['S10', { postalCode: true }],
  ['S60', { city: true, stateProvince: true }],
  ['SF0', { postalCode: true, city: true, stateProvince: true, addOn: true }],
  ['S01', { suffix: true }],
  ['S02', { predirectional: true }],
  ['S04', { postdirectional: true }],
  ['S08', { name: true }],
  ['S1F', { postalCode: true, suffix: true, predirectional: true, postdirectional: true, name: true }],
])('writes %s', (code, changed) => {
  expect(formatMatchCode({ ...unchanged, ...changed })).toBe(code);
});
