// npm run synth|diff|deploy|destroy -- [config] [cdk options]: the CDK on one file of config/.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const [verb, ...words] = process.argv.slice(2);
const chosen = JSON.parse(readFileSync('cdk.json', 'utf8')).app.split(' ').at(-1);
const config = words[0]?.startsWith('-') === false ? words.shift() : chosen;
if (!existsSync(`config/${config}.ts`)) {
  const names = readdirSync('config').map((name) => name.replace('.ts', ''));
  console.error(`config: "${config}" is not there; use one of ${names.join(', ')}, or add config/${config}.ts`);
  process.exit(2);
}
const app = ['--app', `node --import tsx bin/spectrum.ts ${config}`];

/** What holds data, and what such stacks stand on. */
const kept = /-(foundation|network|configuration|reference-data)$/;

const verbs = {
  synth: () => cdk('synth', '--quiet', '--strict', ...words),
  diff: () => cdk('diff', ...words),
  deploy: () => cdk('deploy', '--all', '--progress', 'events', '--require-approval', 'broadening', ...words),
  destroy: () => cdk('destroy', ...listStacks().filter((stack) => !kept.test(stack)), ...words),
};

if (!(verb in verbs)) {
  console.error(`"${verb}" is not known; use ${Object.keys(verbs).join(', ')}`);
  process.exit(2);
}
process.exit(verbs[verb]());

function cdk(...words) {
  return spawnSync('npx', ['--no-install', 'cdk', ...words, ...app], { stdio: 'inherit' }).status ?? 1;
}

function listStacks() {
  const { stdout, status } = spawnSync('npx', ['--no-install', 'cdk', 'list', ...app], { encoding: 'utf8' });
  if (status !== 0) process.exit(status ?? 1);
  return stdout.split('\n').filter((line) => /^[a-z][a-z0-9-]*$/.test(line));
}
