import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJsonText, readJsonFile } from '../../../cli/jobs/access.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spectrum-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['# Spectrum', 'is not JSON'],
  ['{"a": 1', 'is not JSON'],
  ['', 'is not JSON'],
  ['null', 'holds no object'],
  ['7', 'holds no object'],
])('a file with %j is refused by its name, with what is expected', (text, problem) => {
  const file = join(folder, 'README.md');
  writeFileSync(file, text);
  expect(() => readJsonFile(file, 'a dataflow')).toThrow(`${file} ${problem}; give a dataflow`);
});

test('the standard input is called so', () => {
  expect(() => parseJsonText('-', '#', 'a dataflow')).toThrow('the standard input is not JSON; give a dataflow');
});

test('an object is read', () => {
  const file = join(folder, 'night.json');
  writeFileSync(file, '{"type":"job"}');
  expect(readJsonFile(file, 'a dataflow')).toEqual({ type: 'job' });
});
