import type { Row, Stage, StageContext } from '../../dataflow/index.ts';
import { createParquetWriter, type FileField } from '../../record-formats/index.ts';
import type { WriteToFileSettings } from './definition.ts';

const codecs = { auto: 'SNAPPY', gzip: 'GZIP', none: 'UNCOMPRESSED' } as const;

interface WrittenFields {
  readonly fields: readonly FileField[];
  /** The values that are written, in order. */
  pick(row: Row): Row;
}

/** Opens a Parquet file of these settings. */
export async function openParquetFile(
  { file: path, mode, compression, rowGroupRows, server }: WriteToFileSettings,
  { fields, pick }: WrittenFields,
  { resources }: StageContext,
): Promise<Stage> {
  const rows = await createParquetWriter(fields, { codec: codecs[compression], rowGroupRows });
  const file = await resources.files.create(path, { mode, ...(server !== undefined && { server }) });
  const write = (bytes: Uint8Array) => (bytes.length > 0 ? file.write(bytes) : undefined);
  return {
    process: (given) => write(rows.add(given.map(pick))),
    async finish() {
      await write(rows.finish());
      await file.sync();
    },
    close: () => file.close(),
  };
}
