import fc from 'fast-check';
import { seal, unseal } from '../../../../server/http/security/sealing.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));

test('a sealed text is a compact JWE with the header of published tokens', () => {
  const parts = seal(key, 'hello').split('.');
  expect(parts).toHaveLength(5);
  expect(parts[0]).toBe('eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0');
  expect(parts[1]).toBe('');
});

// RFC 7518 appendix B.1 computes the tag over other data with the same key; only the ciphertext can be compared.
test('encrypts as the standard computes it', () => {
  const text =
    'A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience';
  const iv = Buffer.from('1af38c2dc2b96ffdd86694092341bc04', 'hex');
  const ciphertext = Buffer.from(seal(key, text, iv).split('.')[3] as string, 'base64url').toString('hex');
  expect(ciphertext).toBe(
    'c80edfa32ddf39d5ef00c0b468834279a2e46a1b8049f792f76bfe54b903a9c9a94ac9b47ad2655c5f10f9aef71427e2fc6f9b3f399a221489f16362c703233609d45ac69864e3321cf82935ac4096c86e133314c54019e8ca7980dfa4b9cf1b384c486f3a54c51078158ee5d79de59fbd34d848b3d69550a67646344427ade54b8851ffb598f7f80074b9473c82e2db',
  );
});

test('any text comes back under its key and under no other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = seal(key, text);
      expect(unseal(key, sealed)).toBe(Buffer.from(text, 'utf8').toString('utf8'));
      expect(unseal(Buffer.alloc(32), sealed)).toBeUndefined();
    }),
  );
});

test('nothing changed on the way is opened', () => {
  const sealed = seal(key, JSON.stringify({ user: 'ann' }));
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom(...'ABCabc019-_.'), (position, character) => {
      const changed = sealed.slice(0, position) + character + sealed.slice(position + 1);
      const opened = unseal(key, changed);
      // The last character of a base64url text may carry bits that no byte takes.
      expect(opened === undefined || opened === unseal(key, sealed)).toBe(true);
    }),
  );
  for (const odd of ['', '.', '....', 'a.b.c.d.e', sealed.slice(1), `${sealed}.x`])
    expect(unseal(key, odd)).toBeUndefined();
});
