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

describe('several files', () => {
  const states = ['OH', 'DC', 'A/B:..', '', null, '..', 'DC'];
  const located = Array.from({ length: 700 }, (_, n): Row => [n, states[n % states.length] ?? null]);
  const split = (files: MemoryFiles, settings: object, more: object = {}) =>
    write(files, settings, { inputs: { input_port: { fields, rows: located } }, batchRows: 50, ...more });
  const idsOf = (file: Buffer | undefined) =>
    String(file)
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[0]));
  const where = (keep: (state: unknown) => boolean) =>
    located.filter(([, state]) => keep(state)).map(([id]) => Number(id));

  test('one for each value of a field, none of which leads to another folder', async () => {
    const files = new MemoryFiles();
    await split(files, { file: `out/$\{name}.csv` });
    expect(Object.fromEntries([...files.written].map(([path, file]) => [path, idsOf(file)]))).toEqual({
      'out/OH.csv': where((state) => state === 'OH'),
      'out/DC.csv': where((state) => state === 'DC'),
      'out/A_B_...csv': where((state) => state === 'A/B:..'),
      'out/_.csv': where((state) => state === '' || state === null),
      'out/_..csv': where((state) => state === '..'),
    });
  });

  test('of so many records each, numbered, also for each value', async () => {
    const files = new MemoryFiles();
    await split(files, { file: 'out.csv.gz', recordsPerFile: 300, fields: [{ name: 'id' }] });
    expect([...files.written].map(([path, file]) => [path, idsOf(gunzipSync(file)).length])).toEqual([
      ['out-1.csv.gz', 300],
      ['out-2.csv.gz', 300],
      ['out-3.csv.gz', 100],
    ]);
    const both = new MemoryFiles();
    await split(both, { file: `$\{name}.csv`, recordsPerFile: 150 });
    expect(idsOf(both.written.get('DC-1.csv'))).toHaveLength(150);
    expect(idsOf(both.written.get('DC-2.csv'))).toHaveLength(50);
    expect(idsOf(both.written.get('OH-1.csv'))).toHaveLength(100);
  });

  test.each([
    { file: `$\{name}.csv`, recordsPerFile: 80 },
    { file: `$\{name}.jsonl.gz`, recordType: 'json lines' },
    { file: 'out.xml', recordType: 'xml', recordsPerFile: 90 },
  ])('$file has the same bytes when a run goes on at any checkpoint', async (settings) => {
    const files = new MemoryFiles();
    const { checkpoints } = await split(files, settings, { checkpointRows: 100 });
    const whole = new Map(files.written);
    expect(whole.size).toBeGreaterThan(4);
    expect(checkpoints.length).toBeGreaterThan(2);
    for (const restored of checkpoints) {
      await split(files, settings, { restored });
      expect(new Map(files.written)).toEqual(whole);
    }
  });

  test('without records a fixed name has its header alone, and a name by fields no file', async () => {
    const names = async (settings: object) => {
      const files = new MemoryFiles();
      await write(files, settings, { inputs: { input_port: { fields, rows: [] } } });
      return [...files.written].map(([path, file]) => `${path}: ${String(file)}`);
    };
    expect(await names({ file: 'out.csv' })).toEqual(['out.csv: id,name\n']);
    expect(await names({ file: 'out.csv', recordsPerFile: 5 })).toEqual(['out-1.csv: id,name\n']);
    expect(await names({ file: `$\{name}.csv` })).toEqual([]);
  });

  test('are at most a thousand', async () => {
    await expect(write(new MemoryFiles(), { file: `$\{id}.csv` })).rejects.toThrow(
      'file: the records make more than 1000 files; name it by fields with fewer values',
    );
  });

  test.each<[object, string]>([
    [{ file: `$\{nam}.csv` }, 'port input_port: file: no field nam arrives; did you mean name?'],
    [{ file: `$\{name}.parquet`, recordType: 'parquet' }, 'file: every file of parquet keeps its rows in memory'],
    [{ file: 'out.csv', recordsPerFile: 5, mode: 'append' }, 'recordsPerFile: nothing can be appended to numbered'],
    [{ file: 'out.csv', sort: [{ field: 'nam' }] }, 'port input_port: sort: no field nam arrives; did you mean name?'],
  ])('%j is refused', (settings, sentence) => {
    expect(problemsOf({ type: 'WriteToFile', settings, inputs, outputs: [] })[0]).toContain(sentence);
  });

  test('records are sorted on their way, within their memory, into each of the files', async () => {
    const files = new MemoryFiles();
    const sort = [{ field: 'name' }, { field: 'id', direction: 'descending' }];
    const { checkpoints } = await write(
      files,
      { file: 'out.csv', sort, sortMemoryMiB: 1, recordsPerFile: 7_000, fields: [{ name: 'id' }] },
      { checkpointRows: 2_000 },
    );
    const expected = [...rows]
      .sort(([id, name], [otherId, other]) =>
        name === other ? Number(otherId) - Number(id) : String(name) < String(other) ? -1 : 1,
      )
      .map(([id]) => id);
    expect([...files.written.values()].flatMap(idsOf)).toEqual(expected);
    expect([...files.written.keys()]).toEqual(['out-1.csv', 'out-2.csv']);
    expect(checkpoints).toEqual([]);
  });
});
