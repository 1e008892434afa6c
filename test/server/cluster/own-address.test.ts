import { isIPv4 } from 'node:net';
import { findOwnAddress } from '../../../server/cluster/own-address.ts';

test('a node that listens on one address is reached there', () => {
  expect(findOwnAddress('127.0.0.1')).toBe('127.0.0.1');
});

test.each(['0.0.0.0', '::'])('a node that listens on %s, which is everywhere, names an address of its own', (host) => {
  const found = findOwnAddress(host);
  expect([isIPv4(found), found.startsWith('169.254.')]).toEqual([true, false]);
});
