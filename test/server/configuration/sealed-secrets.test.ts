import { openSecrets, sealSecrets } from '../../../server/configuration/sealed-secrets.ts';
import { hideSecrets } from '../../../server/configuration/visibility.ts';

const passphrase = 'a long passphrase';
const objects = [
  { kind: 'user', name: 'eve', value: { email: 'e', roles: [], passwordHash: 'scrypt$eve' } },
  { kind: 'connection', name: 'erp', value: { type: 'jdbc', secret: 'secret:erp', addedLater: { key: 'x' } } },
  { kind: 'setting', name: 'cors', value: { value: 1 } },
];
const visible = objects.map((object) => ({ ...object, value: hideSecrets(object.kind, object.value) }));

test('what is sealed comes back under its passphrase and is nowhere in the clear', async () => {
  const sealed = await sealSecrets(objects, passphrase);
  expect(JSON.stringify(sealed)).not.toMatch(/eve|erp|secret/);
  expect(await openSecrets(visible, sealed, passphrase)).toEqual(objects);
});

test('two seals of one thing have nothing in common', async () => {
  const [a, b] = [await sealSecrets(objects, passphrase), await sealSecrets(objects, passphrase)];
  for (const part of ['salt', 'iv', 'tag', 'data'] as const) expect(a[part]).not.toBe(b[part]);
});

test('what was changed in the file counts, what the file cannot show is added', async () => {
  const sealed = await sealSecrets(objects, passphrase);
  const edited = [{ kind: 'user', name: 'eve', value: { email: 'new', roles: ['admin'] } }];
  expect(await openSecrets(edited, sealed, passphrase)).toEqual([
    { kind: 'user', name: 'eve', value: { email: 'new', roles: ['admin'], passwordHash: 'scrypt$eve' } },
  ]);
});

test('a wrong passphrase and a changed file open nothing, a short passphrase seals nothing', async () => {
  const sealed = await sealSecrets(objects, passphrase);
  const refusal = { code: 'INVALID_REQUEST', facts: { field: 'passphrase' } };
  await expect(openSecrets(visible, sealed, 'another passphrase')).rejects.toMatchObject(refusal);
  const changed = { ...sealed, data: `A${sealed.data.slice(1)}` };
  if (changed.data !== sealed.data)
    await expect(openSecrets(visible, changed, passphrase)).rejects.toMatchObject(refusal);
  await expect(openSecrets(visible, { ...sealed, tag: '' }, passphrase)).rejects.toMatchObject(refusal);
  await expect(sealSecrets(objects, 'short')).rejects.toMatchObject(refusal);
});
