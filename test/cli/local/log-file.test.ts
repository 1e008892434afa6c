import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLogFile } from '../../../cli/local/log-file.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spectrum-log-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('keeps at most the limit and the file before', () => {
  const path = join(root, 'node.log');
  const log = openLogFile(path, 1_000);
  for (let at = 0; at < 500; at += 1) log.append(`line ${at}\n`);
  log.close();
  expect(readdirSync(root).sort()).toEqual(['node.log', 'node.log.1']);
  expect(statSync(path).size).toBeLessThanOrEqual(1_000);
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1_000);
  expect(readFileSync(path, 'utf8')).toMatch(/line 499\n$/);
});

test('goes on where an earlier start ended', () => {
  const path = join(root, 'node.log');
  for (const text of ['one\n', 'two\n']) {
    const log = openLogFile(path);
    log.append(text);
    log.close();
  }
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
});

test('remembers the last output', () => {
  const log = openLogFile(join(root, 'node.log'));
  log.append('why\n');
  expect(log.tail()).toBe('why\n');
  log.clearTail();
  expect(log.tail()).toBe('');
  log.close();
});
