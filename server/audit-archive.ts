import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { type Archive, formatArchived, openFolderArchive } from './configuration/index.ts';
import { locationIn, type ObjectStore, openObjectStore, parseLocation } from './object-store/index.ts';

/** An archive that may hold a client for its bucket. */
interface AuditArchive extends Archive {
  close(): void;
}

/** The archive at `place`, a folder or `s3://<bucket>/<prefix>`; throws `INVALID_SETTING` for anything else. */
export function openAuditArchive(place: string): AuditArchive {
  if (parseLocation(place).kind === 'file') return { ...openFolderArchive(place), close: () => undefined };
  const store = openObjectStore();
  return {
    store: (cluster, epoch, changes) => put(store, place, cluster, formatArchived(epoch, changes)),
    close: () => store.close(),
  };
}

/** Only puts: whoever archives may neither read nor replace what is there. The same changes have the same name. */
async function put(
  store: ObjectStore,
  place: string,
  cluster: string,
  file: ReturnType<typeof formatArchived>,
): Promise<void> {
  if (!file) return;
  const location = locationIn(parseLocation(place), `${encodeURIComponent(cluster)}/${file.name}`);
  const staged = await store.stage(location);
  await writeFile(staged, file.text, { mode: 0o600 });
  await store.publish(staged, location, createHash('sha256').update(file.text).digest('hex'));
}
