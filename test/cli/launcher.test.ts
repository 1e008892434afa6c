import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { exitCodes } from '../../contract/exit-codes.ts';

const launcher = resolve(__dirname, '../../cli/launcher.cjs');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spectrum-launcher-'));
  mkdirSync(join(folder, 'cli'));
  cpSync(launcher, join(folder, 'cli', 'launcher.cjs'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is written in syntax that the oldest Node.js reads', () => {
  expect(() => transformSync(readFileSync(launcher, 'utf8'), { target: 'es5' })).not.toThrow();
});

test.each(['v0.12.18', 'v18.20.4', 'v20.18.3'])('refuses Node.js %s in one sentence', (version) => {
  const answer = launch(version);
  expect(answer).toEqual({
    status: exitCodes.nodeTooOld.code,
    stdout: '',
    stderr: `spectrum: Node.js ${version} is too old; install version 20.19 or newer\n`,
  });
});

test.each(['v20.19.0', 'v22.1.0', 'v100.0.0'])('takes Node.js %s', (version) => {
  expect(launch(version).status).not.toBe(exitCodes.nodeTooOld.code);
});

test('says npm ci when the packages are missing', () => {
  expect(launch()).toEqual({
    status: exitCodes.dependenciesMissing.code,
    stdout: '',
    stderr: `spectrum: the packages are not installed; run npm ci in ${folder}\n`,
  });
});

test('names the first error of sources that cannot be bundled', () => {
  mkdirSync(join(folder, 'node_modules', 'esbuild'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', 'esbuild', 'package.json'), '{}');
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(join(folder, 'scripts', 'build.js'), `process.stderr.write('a.ts:1: no\\n'); process.exit(1);`);
  expect(launch()).toEqual({
    status: exitCodes.sourcesBroken.code,
    stdout: '',
    stderr: 'spectrum: the sources cannot be bundled: a.ts:1: no\n',
  });
});

function launch(version = process.version) {
  const preload = join(folder, 'version.cjs');
  writeFileSync(preload, `Object.defineProperty(process, 'version', { value: '${version}' });`);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', preload, join(folder, 'cli', 'launcher.cjs'), 'version'],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}
