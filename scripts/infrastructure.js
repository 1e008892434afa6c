// npm run synth|diff|deploy|destroy -- [config] [cdk options]: the CDK on one file of config/.
// destroy keeps what holds data, unless --remove-data says otherwise; it asks for the deployment's name, or reads it
// from --confirm.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { confirmRemoval, deploymentsOf, removeEverything } from './data-removal.js';

const [verb, ...words] = process.argv.slice(2);
const chosen = JSON.parse(readFileSync('cdk.json', 'utf8')).app.split(' ').at(-1);
const config = words[0]?.startsWith('-') === false ? words.shift() : chosen;
if (!existsSync(`config/${config}.ts`)) {
  const names = readdirSync('config').map((name) => name.replace('.ts', ''));
  console.error(`config: "${config}" is not there; use one of ${names.join(', ')}, or add config/${config}.ts`);
  process.exit(2);
}
const program = `node --import tsx bin/spectrum.ts ${config}`;
const app = ['--app', program];

/** What holds data, and what such stacks stand on. */
const isKept = (stack) => /-(foundation|network|configuration|reference-data|job-files)$/.test(stack);

const verbs = {
  synth: () => cdk('synth', '--quiet', '--strict', ...words, ...app),
  diff: () => cdk('diff', ...words, ...app),
  deploy: () => cdk('deploy', '--all', '--progress', 'events', '--require-approval', 'broadening', ...words, ...app),
  destroy: () => destroy(),
};

if (!(verb in verbs)) {
  console.error(`"${verb}" is not known; use ${Object.keys(verbs).join(', ')}`);
  process.exit(2);
}
process.exit(await verbs[verb]());

async function destroy() {
  const stacks = listStacks();
  const at = words.indexOf('--remove-data');
  if (at < 0) return cdk('destroy', ...stacks.filter((stack) => !isKept(stack)), ...words, ...app);
  words.splice(at, 1);
  const confirmAt = words.indexOf('--confirm');
  const [, confirmed] = confirmAt < 0 ? [] : words.splice(confirmAt, 2);
  const names = deploymentsOf(stacks);
  if (!(await confirmRemoval(names, confirmed))) {
    console.error(`nothing is removed: the name was not given; use --confirm ${names.join(',')} without a terminal`);
    return 2;
  }
  return removeEverything((...given) => cdk(...given, ...words), `${program} remove-data`, stacks, isKept);
}

function cdk(...words) {
  return spawnSync('npx', ['--no-install', 'cdk', ...words], { stdio: 'inherit' }).status ?? 1;
}

function listStacks() {
  const { stdout, status } = spawnSync('npx', ['--no-install', 'cdk', 'list', ...app], { encoding: 'utf8' });
  if (status !== 0) process.exit(status ?? 1);
  return stdout.split('\n').filter((line) => /^[a-z][a-z0-9-]*$/.test(line));
}
