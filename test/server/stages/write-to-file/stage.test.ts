import { gunzipSync } from 'node:zlib';
import type { FileAccess, Row } from '../../../../server/dataflow/index.ts';
import { problemsOf, runStage } from '../support/run-stage.ts';

const fields = [
  { name: 'id', type: 'integer' },
  { name: 'name', type: 'string' },
] as const;
const rows = Array.from({ length: 12_000 }, (_, n): Row => [n, `Name ${(n * 7919) % 1000}`]);
const inputs = { input_port: { fields, rows } };

/** Files in memory; a file that goes on is cut at what its earlier owner said. */
class MemoryFiles {
  readonly written = new Map<string, Buffer>();

  async create(path: string, { continueAt = 0 }: { readonly continueAt?: number }) {
    const parts = [(this.written.get(path) ?? Buffer.alloc(0)).subarray(0, continueAt)];
    const size = () => parts.reduce((bytes, part) => bytes + part.length, 0);
    return {
      get sizeBytes() {
        return size();
      },
      write: (bytes: Uint8Array) => void parts.push(Buffer.from(bytes)),
      sync: async () => {},
      close: async () => void this.written.set(path, Buffer.concat(parts)),
    };
  }
}

const write = async (files: MemoryFiles, settings: object, more: object = {}) =>
  runStage({
    type: 'WriteToFile',
    settings,
    inputs,
    outputs: [],
    batchRows: 500,
    resources: { files: files as unknown as FileAccess },
    ...more,
  });

test.each([
  { file: 'out.csv.gz' },
  { file: 'out.jsonl.gz', recordType: 'json lines' },
  { file: 'out.xml', recordType: 'xml' },
])('$file has the same bytes when a run goes on at any checkpoint', async (settings) => {
  const files = new MemoryFiles();
  const { checkpoints } = await write(files, settings, { checkpointRows: 2_000 });
  const whole = files.written.get(settings.file) as Buffer;
  const text = (settings.file.endsWith('.gz') ? gunzipSync(whole) : whole).toString('utf8');
  expect(text.match(/Name \d+/g)).toHaveLength(rows.length);
  expect(checkpoints.length).toBeGreaterThan(2);
  for (const restored of checkpoints) {
    await write(files, settings, { restored });
    expect(files.written.get(settings.file)?.equals(whole)).toBe(true);
  }
});

test('fields without a length have no place in records of fixed positions', () => {
  const settings = {
    file: 'out.txt',
    recordType: 'line sequential',
    fields: [{ name: 'id', length: 9 }, { name: 'name' }],
  };
  expect(problemsOf({ type: 'WriteToFile', settings, inputs, outputs: [] })).toEqual([
    'stage stage: fields: name has no length; say how many characters it has',
  ]);
});

test('a Parquet file is read back by the stage that reads files, and a run that writes one begins anew', async () => {
  const files = new MemoryFiles();
  const settings = { file: 'out.parquet', recordType: 'parquet' };
  const { checkpoints } = await write(files, { ...settings, rowGroupRows: 5_000 }, { checkpointRows: 2_000 });
  expect(checkpoints).toEqual([]);
  const bytes = files.written.get('out.parquet') as Buffer;
  const readable = {
    list: async (path: string) => [path],
    sizeBytes: async () => bytes.length,
    async *read(_path: string, fromByte = 0) {
      yield bytes.subarray(fromByte);
    },
  };
  const read = (more: object) =>
    runStage({
      type: 'ReadFromFile',
      settings: { ...settings, fields, ...more },
      inputs: {},
      resources: { files: readable as unknown as FileAccess },
    });
  expect((await read({})).rows.output_port).toEqual(rows);
  const some = await read({ startingRecord: 4_999, maximumRecords: 3 });
  expect(some.rows.output_port).toEqual(rows.slice(4_998, 5_001));
});

test('nothing can be appended to a file that has an end of its own', () => {
  const settings = { file: 'out.parquet', recordType: 'parquet', mode: 'append' };
  expect(problemsOf({ type: 'WriteToFile', settings, inputs, outputs: [] })).toEqual([
    'stage stage: mode: nothing can follow the end of a file of parquet; use overwrite or refuse',
  ]);
});
