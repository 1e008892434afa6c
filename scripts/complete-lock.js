// npm drops other platforms' optional binaries from package-lock.json when the registry at hand does not carry them,
// and `npm ci` then refuses the file everywhere. This writes them back from their parents' optionalDependencies.
// Run it after every `npm install`; `--check` only tells (exit code 1 when something is missing).
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm64', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'arm'];

function isLocked(parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder.includes('/node_modules/')) break;
  }
  return Boolean(lock.packages[`node_modules/${name}`]);
}

function describePlatform(name) {
  const tail = name.split(/[/-]/);
  const os = systems.find((system) => tail.includes(system));
  const cpu = processors.find((processor) => tail.includes(processor));
  const libc = tail.some((word) => word.startsWith('musl'))
    ? 'musl'
    : tail.some((word) => word.startsWith('gnu'))
      ? 'glibc'
      : undefined;
  return { os, cpu, libc: os === 'linux' ? libc : undefined };
}

const missing = [];
for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (parent === '' || isLocked(parent, name)) continue;
    const { os, cpu, libc } = describePlatform(name);
    if (!os || !cpu || !/^\d/.test(version)) continue;
    missing.push([
      `node_modules/${name}`,
      {
        version,
        cpu: [cpu],
        ...(entry.dev && { dev: true }),
        ...(libc && { libc: [libc] }),
        license: entry.license,
        optional: true,
        os: [os],
      },
    ]);
  }
}

if (process.argv.includes('--check')) {
  for (const [name] of missing) console.error(`package-lock.json lacks ${name}; run: node scripts/complete-lock.js`);
  process.exit(missing.length === 0 ? 0 : 1);
}
lock.packages = Object.fromEntries(
  [...Object.entries(lock.packages), ...missing].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} platform packages added`);
