import type { AddressDatabase } from '../../../server/reference-data/index.ts';
import { Catalogue } from '../../../server/reference-data/index.ts';
import { createInMemoryAddressDatabase } from '../../support/in-memory-address-database.ts';

/** Databases that note when they are closed; folders named `bad…` do not open. */
function createShelf() {
  const closed: string[] = [];
  const verified: string[] = [];
  const open = async (folder: string): Promise<AddressDatabase> => {
    if (folder.startsWith('bad')) throw new Error(`${folder} is damaged`);
    const database = createInMemoryAddressDatabase({ postalCodes: [] });
    const manifest = { ...database.manifest, vintage: folder };
    return { ...database, manifest, close: async () => void closed.push(folder) };
  };
  const verify = async (folder: string) => verified.push(folder);
  return { catalogue: new Catalogue({}, open, verify), closed, verified };
}

test('a resource answers after its vintage has opened', async () => {
  const { catalogue } = createShelf();
  expect(() => catalogue.lease().database('UAM_US')).toThrow(
    /UAM_US is not open on this node: this node does not know it/,
  );
  await catalogue.switchTo('UAM_US', 'one');
  expect(catalogue.lease().database('UAM_US').manifest.vintage).toBe('one');
});

test('a lease keeps its vintage through a switch, and the old one closes with the last lease', async () => {
  const { catalogue, closed } = createShelf();
  await catalogue.switchTo('UAM_US', 'one');
  const [early, other] = [catalogue.lease(), catalogue.lease()];
  early.database('UAM_US');
  other.database('UAM_US');
  await catalogue.switchTo('UAM_US', 'two');
  expect(early.database('UAM_US').manifest.vintage).toBe('one');
  expect(catalogue.lease().database('UAM_US').manifest.vintage).toBe('two');
  early.release();
  early.release();
  expect(closed).toEqual([]);
  other.release();
  expect(closed).toEqual(['one']);
});

test('a vintage that does not open leaves the old one in place and says why', async () => {
  const { catalogue } = createShelf();
  await catalogue.switchTo('UAM_US', 'one');
  await expect(catalogue.switchTo('UAM_US', 'bad')).rejects.toThrow('bad is damaged');
  expect(catalogue.lease().database('UAM_US').manifest.vintage).toBe('one');
  expect(catalogue.status()).toEqual([
    {
      resource: 'UAM_US',
      open: { folder: 'one', database: 'in-memory', vintage: 'one' },
      pending: { folder: 'bad', error: 'bad is damaged' },
    },
  ]);
});

test('a replacement is verified whole, a first opening is not', async () => {
  const { catalogue, verified } = createShelf();
  await catalogue.switchTo('UAM_US', 'one');
  await catalogue.switchTo('UAM_US', 'two');
  await catalogue.switchTo('UAM_US', 'one', { verify: false });
  expect(verified).toEqual(['two']);
});

test('resources on one folder share what is open, and a switch to it needs no wait', async () => {
  const { catalogue, closed, verified } = createShelf();
  await catalogue.switchTo('UAM_US', 'one');
  await catalogue.switchTo('UAM_US.next', 'two', { verify: true });
  const switching = catalogue.switchTo('UAM_US', 'two', { verify: true });
  const lease = catalogue.lease();
  expect(lease.database('UAM_US').manifest.vintage).toBe('two');
  await switching;
  catalogue.remove('UAM_US.next');
  lease.release();
  expect([closed, verified]).toEqual([['one'], ['two']]);
});

test('a vintage comes back without being verified again, and one still leased is taken up as it is', async () => {
  const { catalogue, closed, verified } = createShelf();
  await catalogue.switchTo('UAM_US', 'one', { verify: true });
  const lease = catalogue.lease();
  lease.database('UAM_US');
  await catalogue.switchTo('UAM_US', 'two');
  await catalogue.switchTo('UAM_US', 'one');
  expect(closed).toEqual(['two']);
  const later = catalogue.lease();
  expect(later.database('UAM_US')).toBe(lease.database('UAM_US'));
  later.release();
  await catalogue.switchTo('UAM_US', 'two');
  expect(verified).toEqual(['one', 'two']);
  lease.release();
  expect(closed).toEqual(['two', 'one']);
});

test('the last of several switches wins, in whatever order they finish', async () => {
  const waiting = new Map<string, () => void>();
  const closed: string[] = [];
  const catalogue = new Catalogue({}, async (folder) => {
    await new Promise<void>((resolve) => waiting.set(folder, resolve));
    const database = createInMemoryAddressDatabase({ postalCodes: [] });
    return {
      ...database,
      manifest: { ...database.manifest, vintage: folder },
      close: async () => void closed.push(folder),
    };
  });
  const first = catalogue.switchTo('UAM_US', 'one');
  const second = catalogue.switchTo('UAM_US', 'two');
  waiting.get('two')?.();
  await second;
  waiting.get('one')?.();
  await first;
  expect(catalogue.lease().database('UAM_US').manifest.vintage).toBe('two');
  expect(closed).toEqual(['one']);
});

test('closing waits for leases', async () => {
  const { catalogue, closed } = createShelf();
  await catalogue.switchTo('UAM_US', 'one');
  await catalogue.switchTo('GEO_US', 'two');
  const lease = catalogue.lease();
  lease.database('UAM_US');
  const closing = catalogue.close();
  expect(closed).toEqual(['two']);
  expect(() => catalogue.lease().database('GEO_US')).toThrow(/not open/);
  lease.release();
  await closing;
  expect(closed).toEqual(['two', 'one']);
});
