import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChangeRecord } from './change.ts';

/** Where the payloads of compacted changes stay, for as long as the audit trail must be kept. */
export interface Archive {
  /** Resolves once the changes are safe; storing the same ones again changes nothing. */
  store(clusterName: string, epoch: number, changes: readonly ChangeRecord[]): Promise<void>;
}

/** An archive of JSON lines in a folder, one file per range of revisions. */
export function openFolderArchive(folder: string): Archive {
  return {
    async store(clusterName, epoch, changes) {
      const file = formatArchived(epoch, changes);
      if (!file) return;
      const place = join(folder, encodeURIComponent(clusterName));
      await mkdir(place, { recursive: true });
      await writeSafely(join(place, file.name), file.text);
    },
  };
}

/** One file of an archive, JSON lines, named by its revisions and its content; undefined for no changes. */
export function formatArchived(
  epoch: number,
  changes: readonly ChangeRecord[],
): { readonly name: string; readonly text: string } | undefined {
  const [first, last] = [changes[0], changes.at(-1)];
  if (!first || !last) return undefined;
  const text = changes.map((change) => `${JSON.stringify(change)}\n`).join('');
  return { name: `changes-${epoch}-${first.revision}-${last.revision}-${shortDigest(text)}.jsonl`, text };
}

/** Whole or not at all: written beside, flushed, renamed. */
async function writeSafely(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
