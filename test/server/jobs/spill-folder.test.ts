import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpillFolder } from '../../../server/jobs/index.ts';

const parent = mkdtempSync(join(tmpdir(), 'spill-folder-'));
afterAll(() => rmSync(parent, { recursive: true }));

test('a spill folder goes with all that is in it', () => {
  const folder = createSpillFolder(parent);
  writeFileSync(join(folder.path, 'sorted'), 'rows');
  folder.remove();
  expect(existsSync(folder.path)).toBe(false);
});

test('only what ended processes of this host left goes when a new one is made', () => {
  const { pid: endedProcess } = spawnSync(process.execPath, ['--version']);
  const debris = join(parent, `spectrum-spill-${hostname()}-${endedProcess}-a1b2c3`);
  const kept = [
    join(parent, `spectrum-spill-another-host-${endedProcess}-a1b2c3`),
    join(parent, `spectrum-spill-${hostname()}-${process.ppid}-a1b2c3`),
    join(parent, `spectrum-spill-${hostname()}`),
    createSpillFolder(parent).path,
  ];
  for (const path of [debris, ...kept]) mkdirSync(join(path, 'run-1'), { recursive: true });
  createSpillFolder(parent);
  expect([debris, ...kept].map((path) => existsSync(path))).toEqual([false, true, true, true, true]);
});
