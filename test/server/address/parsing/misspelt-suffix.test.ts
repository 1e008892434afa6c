import { findMisspeltSuffix } from '../../../../server/address/parsing/misspelt-suffix.ts';

test.each([
  ['STEET', 'ST'],
  ['BOULEVAR', 'BLVD'],
  ['PAKWAY', 'PKWY'],
  ['BVD', 'BLVD'],
  ['HGWY', 'HWY'],
])('%p is meant as %p', (text, expected) => {
  expect(findMisspeltSuffix(text)).toBe(expected);
});

test.each(['GRACE', 'RAVEN', 'BEECH', 'KING', 'LYNN', 'PLAYA', 'STREET', 'ST', ''])(
  '%p is no misspelt suffix',
  (text) => {
    expect(findMisspeltSuffix(text)).toBe('');
  },
);
