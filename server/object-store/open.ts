import { FileStore } from './file-store.ts';
import type { Location } from './location.ts';
import type { ObjectStore } from './store.ts';

/** A store for any location; the S3 client is loaded with the first location that needs it. */
export function openObjectStore(): ObjectStore {
  const files = new FileStore();
  let s3: Promise<ObjectStore> | undefined;
  const storeOf = async ({ kind }: Location): Promise<ObjectStore> => {
    if (kind === 'file') return files;
    s3 ??= import('./s3-store.ts').then(({ S3Store }) => new S3Store());
    return s3;
  };
  return {
    find: async (location) => (await storeOf(location)).find(location),
    read: async (location, range, mark) => (await storeOf(location)).read(location, range, mark),
    stage: async (location) => (await storeOf(location)).stage(location),
    publish: async (path, location, sha256) => (await storeOf(location)).publish(path, location, sha256),
    close: () => void s3?.then((store) => store.close()),
  };
}
