import { decoyHash, hashPassword, verifyPassword } from '../../../../server/http/security/passwords.ts';

test('a password matches its own hash and no other does', async () => {
  const stored = await hashPassword('Straße 1');
  expect(stored).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
  await expect(verifyPassword('Straße 1', stored)).resolves.toBe(true);
  await expect(verifyPassword('Straße 2', stored)).resolves.toBe(false);
});

test('two hashes of one password differ', async () => {
  expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
});

test('both spellings of an accented letter are one password', async () => {
  await expect(verifyPassword('e\u0301', await hashPassword('\u00e9'))).resolves.toBe(true);
});

test.each(['', 'plain', 'scrypt$1$2', 'bcrypt$1$1$1$a$b', 'scrypt$1048576$64$1$AAAA$AAAA'])(
  'nothing matches the stored text %j',
  async (stored) => {
    await expect(verifyPassword('', stored)).resolves.toBe(false);
  },
);

test('nothing matches the decoy, which costs as much as a real hash', async () => {
  await expect(verifyPassword('', decoyHash)).resolves.toBe(false);
  expect((await hashPassword('x')).split('$').slice(0, 4)).toEqual(decoyHash.split('$').slice(0, 4));
});
