import type { LayoutField, QueriedRow, StageContext } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { createRowFormat, MalformedText } from '../../record-formats/index.ts';
import { cacheFormat, cachePath } from '../caches.ts';
import { databasesOf } from '../databases.ts';

const fetchRows = 1_000;

/** The rows of a global cache, with these fields of it. Throws `INVALID_REQUEST` when nobody made it, or it lacks one. */
export async function* readGlobalCache(
  cache: string,
  fields: readonly LayoutField[],
  { resources: { files }, stage }: StageContext,
): AsyncGenerator<QueriedRow[]> {
  const file = cachePath(cache);
  await files.list(file).catch((error: unknown) => {
    const sentence = `stage ${stage}: there is no cache ${cache}; run the flow that makes it by Generate Cache`;
    throw new SpectrumError('INVALID_REQUEST', sentence, { cache }, { cause: error });
  });
  const typed = fields.map(({ name, type }) => ({ name, type, trim: false }));
  const rules = { fewerIsMalformed: true, moreIsMalformed: true, onNoValue: 'malformed' } as const;
  const format = createRowFormat({ ...cacheFormat, fields: typed }, rules);
  const blocks = format.stream({
    read: (fromByte) => files.read(file, fromByte),
    sizeBytes: () => files.sizeBytes(file),
    isCompressed: true,
  });
  let isFirst = true;
  for await (const { records } of blocks) {
    if (isFirst) checkFields(cache, fields, records[0]);
    isFirst = false;
    yield records.map((one) => (one instanceof MalformedText ? one.reason : format.read(one)));
  }
}

/** Every record of a cache has every field; a missing one would read as null. */
function checkFields(cache: string, fields: readonly LayoutField[], first: unknown): void {
  const [line = '{}'] = Array.isArray(first) ? (first as string[]) : [];
  const known = Object.keys(JSON.parse(line) as object);
  const missing = fields.find(({ name }) => !known.includes(name));
  if (missing === undefined) return;
  const sentence = `the cache ${cache} has no field ${missing.name}; it has ${known.join(', ')}`;
  throw new SpectrumError('INVALID_REQUEST', sentence, { cache, field: missing.name });
}

/** The rows of a table, with these columns of it. */
export async function* readLocalCache(
  { connection, table }: { readonly connection: string; readonly table: string },
  columns: readonly LayoutField[],
  context: StageContext,
): AsyncGenerator<QueriedRow[]> {
  const session = await databasesOf(context).open(connection);
  try {
    yield* session.read({ from: { kind: 'table', table }, columns }, [], fetchRows);
  } finally {
    await session.close();
  }
}
