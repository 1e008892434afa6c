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
