import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who has which vintages of one database open or is about to; kept beside the vintages, one file for each node. */
export interface UseRecord {
  readonly cluster: string;
  readonly node: string;
  /** Host and folder of the node: clusters of two machines may have the same name. */
  readonly place: string;
  /** ISO 8601, UTC, by the node's clock. */
  readonly at: string;
  readonly vintages: readonly string[];
}

/** No vintage has this name: it would begin with a sign. */
const usesFolder = '.uses';

/** Writes or renews what a node uses of a database; rejects where the share is read-only. */
export async function writeUseRecord(databaseFolder: string, record: UseRecord): Promise<void> {
  const folder = join(databaseFolder, usesFolder);
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const { cluster, node, place } = record;
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 12);
  const file = join(folder, `${encodeURIComponent(cluster)}.${encodeURIComponent(node)}.${digest}.json`);
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.${process.pid}`, file);
}

/** The records of all nodes of all clusters. Throws when one cannot be read: nothing may be removed on half the facts. */
export async function listUseRecords(databaseFolder: string): Promise<readonly UseRecord[]> {
  const folder = join(databaseFolder, usesFolder);
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = names.filter((name) => name.endsWith('.json'));
  return await Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as UseRecord),
  );
}
