// The one gate: the same steps here and in automation. Stops at the first that fails and names it. Automation counts
// the tests itself and leaves them out here with --without-tests.
import { spawnSync } from 'node:child_process';

const steps = [
  ['lock file', ['node', 'scripts/complete-lock.js', '--check']],
  ['format and lint', ['biome', 'ci', '.']],
  ['types', ['tsc', '-p', '.']],
  ['unused files, exports and dependencies', ['knip', '--no-progress']],
  ['tests, architecture among them', ['jest']],
  ['synth', ['cdk', 'synth', '--quiet', '--strict']],
];

const wanted = process.argv.includes('--without-tests') ? steps.filter(([, [command]]) => command !== 'jest') : steps;

for (const [title, [command, ...argumentsOf]] of wanted) {
  const startedMs = Date.now();
  console.log(`\n— ${title}: ${command} ${argumentsOf.join(' ')}`);
  const { status } =
    command === 'node'
      ? spawnSync(process.execPath, argumentsOf, { stdio: 'inherit' })
      : spawnSync('npx', ['--no-install', command, ...argumentsOf], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`check: "${title}" failed`);
    process.exit(status ?? 1);
  }
  console.log(`  ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}
