import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { RunFiles } from '../../../../server/jobs/run-files.ts';
import { encodingNames } from '../../../../server/record-formats/encoding.ts';
import { runStage } from '../support/run-stage.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fields = [{ name: 'id', type: 'integer' }, { name: 'name' }];
const read = (settings: object, more: object = {}) =>
  runStage({
    type: 'ReadFromFile',
    settings: { fields, ...settings },
    inputs: {},
    resources: { files: new RunFiles({ roots: [folder], run: 'reading', epoch: 1 }) },
    ...more,
  });
const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

test('files of one pattern are read in the order of their names, compressed ones among them, from any checkpoint', async () => {
  const lines = (from: number) => Array.from({ length: 3_000 }, (_, index) => `${from + index},n\n`).join('');
  put('in-1.csv', `id,name\n${lines(0)}`);
  put('in-2.csv.gz', gzipSync(`id,name\n${lines(3_000)}`));
  put('in-3.csv', `id,name\n${lines(6_000)}`);
  put('out-1.csv', 'id,name\n99999,no\n');
  const { rows, checkpoints } = await read({ file: 'in-*' }, { checkpointRows: 500 });
  const expected = Array.from({ length: 9_000 }, (_, index) => [index, 'n']);
  expect(rows.output_port).toEqual(expected);
  expect(checkpoints.length).toBeGreaterThan(0);
  // What arrives later belongs to the next run.
  put('in-0.csv', 'id,name\n88888,late\n');
  for (const restored of checkpoints)
    expect((await read({ file: 'in-*' }, { restored })).rows.output_port).toEqual(expected);
});

test.each(encodingNames)('%s is read, with and without a byte order mark', async (encoding) => {
  // Characters that every one of them has beyond ASCII, as far as they have any.
  const name = { 'US-ASCII': 'Muller', 'windows-1251': 'Иванов' }[encoding as string] ?? 'Müller';
  const isUnicode = encoding.startsWith('UTF');
  for (const addBOM of isUnicode ? [false, true] : [false]) {
    put('in.csv', iconv.encode(`id,name\n7,${name}\n8,"a, b"\n`, encoding, { addBOM }));
    expect((await read({ file: 'in.csv', encoding })).rows.output_port).toEqual([
      [7, name],
      [8, 'a, b'],
    ]);
  }
});

test('ragged records are filled up and cut, or go to the error port with their place and reason', async () => {
  put('in.csv', 'id,name\n1\n2,two\n3,three,more\nx,no number\n');
  const lenient = await read({ file: 'in.csv', onNoValue: 'null' });
  expect(lenient.rows.output_port).toEqual([
    [1, null],
    [2, 'two'],
    [3, 'three'],
    [null, 'no number'],
  ]);
  const strict = { file: 'in.csv', fewerFieldsAreMalformed: true, moreFieldsAreMalformed: true };
  const { rows } = await read(strict, { outputs: ['output_port', 'error_port'] });
  expect(rows.output_port).toEqual([[2, 'two']]);
  expect(rows.error_port).toEqual([
    ['in.csv, record 2', 'it has 1 field; 2 are expected', '1'],
    ['in.csv, record 4', 'it has 3 fields; 2 are expected', '3 three more'],
    ['in.csv, record 5', 'id: "x" is no integer', 'x no number'],
  ]);
  await expect(read(strict)).rejects.toThrow('in.csv, record 2: it has 1 field; 2 are expected; the run stops at 1');
});

test('a file that is not there, and one outside of the folders, are told', async () => {
  await expect(read({ file: 'nothing*.csv' })).rejects.toThrow('file: nothing*.csv is not there');
  await expect(read({ file: '../x.csv' })).rejects.toThrow('file: ../x.csv is outside of the folders');
});
