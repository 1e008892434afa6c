import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type DataFolder, openDataFolder } from '../../../cli/local/data-folder.ts';
import { lockFolder } from '../../../cli/local/lock.ts';

let folder: DataFolder;
let holder = '';
beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'spectrum-lock-'));
  folder = openDataFolder(root);
  holder = join(root, 'holder.cjs');
  writeFileSync(
    holder,
    `const { ClassicLevel } = require(${JSON.stringify(resolve(__dirname, '../../../node_modules/classic-level'))});
     const level = new ClassicLevel(${JSON.stringify(folder.lock)});
     level.open().then(() => process.send('owner'), () => process.send('refused'));
     process.on('disconnect', () => process.exit());`,
  );
});
afterEach(() => rmSync(folder.path, { recursive: true }));

test('refuses a folder that another process owns, and names it', async () => {
  const owner = await startHolder();
  writeFileSync(folder.processesFile, JSON.stringify({ pid: 4711, url: 'http://localhost:8080' }));
  await expect(lockFolder(folder)).rejects.toMatchObject({
    exit: 'folderInUse',
    message: `the data folder ${folder.path} is in use by process 4711 (http://localhost:8080); stop that cluster or name another folder with --data`,
  });
  await owner.kill();
});

test('takes over at once from an owner that was killed', async () => {
  const owner = await startHolder();
  await owner.kill();
  const lock = await lockFolder(folder);
  await lock.release();
});

test('of simultaneous starts exactly one wins', async () => {
  const starts = await Promise.all(Array.from({ length: 6 }, () => startHolder()));
  expect(starts.filter(({ said }) => said === 'owner')).toHaveLength(1);
  await Promise.all(starts.map(({ kill }) => kill()));
});

async function startHolder() {
  const child = fork(holder, [], { execArgv: [] });
  const said = await new Promise((done) => child.once('message', done));
  const kill = () =>
    new Promise<void>((done) => {
      child.once('exit', () => done());
      child.kill('SIGKILL');
    });
  return { said, kill };
}
