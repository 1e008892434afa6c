// npm run rehearse -- [config]: deploys every stack of a config by `cdk deploy`, updates them, runs `npm run destroy`,
// deploys again, removes everything with its data, all against ministack, an AWS emulator from PyPI on this machine. Nothing of it is AWS: it shows that templates,
// orders, references and assets hold together, and that each resource can be created from its properties as far as the
// emulator looks at them. What it cannot create is left out and listed.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { removeEverything } from './data-removal.js';

const version = '1.5.33';

/** Types that ministack of this version does not create. */
const leftOut = new Set([
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::ApplicationAutoScaling::ScalingPolicy',
  'AWS::Backup::BackupSelection',
  'AWS::CloudWatch::Alarm (metric math)',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::EC2::EIP',
  'AWS::EC2::FlowLog',
  'AWS::EC2::NatGateway',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
]);

/** Types that mean nothing without what they refer to. */
const followers = new Set(['AWS::EC2::Route']);

/** What a resource counts as in the report; alarms of several metrics are refused, though single ones are made. */
function kindOf({ Type, Properties }) {
  return Type === 'AWS::CloudWatch::Alarm' && Properties.Metrics ? `${Type} (metric math)` : Type;
}

const config = process.argv[2] ?? 'closed-network';
const home = mkdtempSync(join(tmpdir(), 'spectrum-rehearsal-'));
const port = await freePort();
const endpoint = `http://localhost:${port}`;
const environment = {
  PATH: process.env.PATH,
  HOME: home,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'rehearsal',
  AWS_SECRET_ACCESS_KEY: 'rehearsal',
  // The tests judge the templates; here they are only deployed.
  CDK_VALIDATION: 'false',
};
Object.assign(process.env, environment);
const emulator = await startEmulator();
try {
  process.exitCode = await rehearse();
} finally {
  emulator.kill();
  rmSync(home, { recursive: true, force: true });
}

async function rehearse() {
  const types = new Map();
  const first = prepare('first', config, types);
  const second = prepare('second', config, new Map(), raiseRetention);
  const unprotected = prepare('unprotected', `${config} remove-data`, new Map(), raiseRetention);
  const stacks = readdirSync(first).flatMap((name) => /^(.+)\.template\.json$/.exec(name)?.[1] ?? []);
  const ordered = order(first, stacks);
  const all = ['--all', '--require-approval', 'never', '--progress', 'events'];
  const regions = new Map(stacks.map((stack) => [stack, regionOf(first, stack)]));
  const places = [...new Set(regions.values())].map((region) => `aws://000000000000/${region}`);
  step('bootstrap', () => cdk('bootstrap', ...places));
  step(`deploy ${stacks.length} stacks`, () => cdk('deploy', ...all, '--app', first));
  const created = await countResources(ordered, regions);
  step('deploy again: nothing to do', () => cdk('deploy', ...all, '--app', first));
  step('update: logs are kept longer', () => cdk('deploy', ...all, '--app', second));
  step('npm run destroy: what computes goes', () => node('scripts/infrastructure.js', 'destroy', config, '--force'));
  const kept = await countResources(ordered, regions);
  step('deploy again: it comes back to its data', () => cdk('deploy', ...all, '--app', second));
  const holdsData = (stack) => /-(foundation|network|configuration|reference-data|job-files)$/.test(stack);
  console.log('\n== remove everything');
  const status = await removeEverything(cdk, unprotected, ordered, holdsData);
  const left = await countResources(ordered, regions);
  report(types, created, kept, left);
  const wrong = ordered.filter((stack) => living(kept.get(stack)) > 0 !== holdsData(stack));
  for (const stack of wrong) console.log(`npm run destroy: ${stack} should ${holdsData(stack) ? 'stay' : 'be gone'}`);
  const remaining = ordered.filter((stack) => living(left.get(stack)) > 0);
  for (const stack of remaining) console.log(`removal: ${stack} still has resources`);
  return wrong.length + remaining.length > 0 ? 1 : status;
}

/** Region that the stack is deployed to, as the assembly says. */
function regionOf(folder, stack) {
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return artifacts[stack].environment.split('/').at(-1);
}

/** Resources that are there. */
function living(states = []) {
  return states.filter((state) => state !== 'DELETE_COMPLETE').length;
}

function node(...words) {
  return spawnSync(process.execPath, words, { stdio: 'inherit', env: environment }).status ?? 1;
}

function step(title, run) {
  console.log(`\n== ${title}`);
  const startedMs = performance.now();
  const status = run();
  console.log(
    `== ${title}: ${status === 0 ? 'done' : `FAILED (${status})`}, ${((performance.now() - startedMs) / 1000).toFixed(0)} s`,
  );
  if (status !== 0) throw new Error(`${title} failed`);
}

function cdk(...words) {
  return spawnSync('npx', ['--no-install', 'cdk', ...words], { stdio: 'inherit', env: environment }).status ?? 1;
}

/** Synthesises a config into a folder that holds only what the emulator can create. */
function prepare(name, words, types, change = () => undefined) {
  const folder = join(home, name);
  const app = `node --import tsx bin/spectrum.ts ${words}`;
  const { status, stderr } = spawnSync(
    'npx',
    ['--no-install', 'cdk', 'synth', '--quiet', '--app', app, '--output', folder],
    {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: home, CDK_VALIDATION: 'false' },
    },
  );
  if (status !== 0) throw new Error(`${words} does not synthesise: ${stderr}`);
  for (const file of readdirSync(folder).filter((found) => found.endsWith('.template.json'))) {
    const template = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    strip(template, types);
    change(template);
    replaceTemplate(folder, file.replace('.template.json', ''), JSON.stringify(template, undefined, 1));
  }
  return folder;
}

/** Takes out what cannot be created, and what is nothing without it, such as a route to a gateway. */
function strip(template, types) {
  const gone = new Set();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const kind = kindOf(resource);
    const { created, left } = types.get(kind) ?? { created: 0, left: 0 };
    types.set(kind, leftOut.has(kind) ? { created, left: left + 1 } : { created: created + 1, left });
    if (leftOut.has(kind)) gone.add(id);
  }
  addDependents(template, gone, types);
  for (const id of gone) delete template.Resources[id];
  for (const resource of Object.values(template.Resources)) {
    const before = [resource.DependsOn ?? []].flat().filter((id) => !gone.has(id));
    if (before.length > 0) resource.DependsOn = before;
    else delete resource.DependsOn;
  }
  const text = JSON.stringify(template);
  for (const id of gone) {
    if (refersTo(text, id)) throw new Error(`${id} is referred to`);
  }
}

/** Routes and associations that refer to something left out are left out with it. */
function addDependents({ Resources }, gone, types) {
  for (const [id, resource] of Object.entries(Resources)) {
    const text = JSON.stringify(resource.Properties ?? {});
    const isLost = [...gone].some((other) => refersTo(text, other));
    if (gone.has(id) || !isLost || !followers.has(resource.Type)) continue;
    gone.add(id);
    const { created, left } = types.get(resource.Type);
    types.set(resource.Type, { created: created - 1, left: left + 1 });
  }
}

function refersTo(text, id) {
  return text.includes(`{"Ref":"${id}"}`) || text.includes(`"Fn::GetAtt":["${id}"`);
}

/** Templates are uploaded under the hash of their content, and images are not built at all. */
function replaceTemplate(folder, stack, text) {
  writeFileSync(join(folder, `${stack}.template.json`), text);
  const assets = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'));
  assets.dockerImages = {};
  const [hash] = Object.entries(assets.files).find(([, { source }]) => source.path === `${stack}.template.json`);
  const fresh = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(folder, `${stack}.assets.json`), JSON.stringify(assets).replaceAll(hash, fresh));
  const manifest = join(folder, 'manifest.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replaceAll(hash, fresh));
}

function raiseRetention(template) {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::Logs::LogGroup') Properties.RetentionInDays = 365;
  }
}

/** Stacks in the order of their dependencies. */
function order(folder, stacks) {
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const done = [];
  const visit = (stack) => {
    if (done.includes(stack) || !stacks.includes(stack)) return;
    for (const before of artifacts[stack].dependencies ?? []) visit(before);
    done.push(stack);
  };
  for (const stack of stacks) visit(stack);
  return done;
}

/** Resources of each stack that the emulator holds, by status. */
async function countResources(stacks, regions) {
  const counts = new Map();
  for (const stack of stacks) {
    const text = await query(regions.get(stack), 'DescribeStackResources', { StackName: stack });
    const states = [...text.matchAll(/<ResourceStatus>(\w+)<\/ResourceStatus>/g)].map(([, state]) => state);
    counts.set(stack, states);
  }
  return counts;
}

async function query(region, Action, parameters) {
  const body = new URLSearchParams({ Action, Version: '2010-05-15', ...parameters });
  const scope = `Credential=rehearsal/20260101/${region}/cloudformation/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=x`;
  const ask = () => fetch(endpoint, { method: 'POST', body, headers: { authorization } });
  // While a step runs, this process answers nobody, and the emulator closes the connection that was kept.
  const response = await ask().catch(ask);
  return response.text();
}

function report(types, created, kept, left) {
  console.log('\n== what was exercised\n\ntype                                             created  left out');
  for (const [type, { created: made, left: out }] of [...types].sort())
    console.log(`${type.padEnd(50)} ${String(made).padStart(5)} ${String(out).padStart(9)}`);
  console.log('\nstack                          resources after deploy, after npm run destroy, after removal');
  for (const [stack, states] of created) {
    const whole = states.filter((state) => state === 'CREATE_COMPLETE' || state === 'UPDATE_COMPLETE').length;
    const after = [kept, left].map((counts) => living(counts.get(stack))).join(', ');
    console.log(`${stack.padEnd(30)} ${whole} of ${states.length}, ${after}`);
  }
}

async function startEmulator() {
  const program = findEmulator();
  const log = openSync(join(tmpdir(), 'spectrum-rehearsal.log'), 'w');
  const child = spawn(program, [], {
    stdio: ['ignore', log, log],
    env: {
      ...process.env,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
  });
  for (let tries = 0; tries < 150; tries++) {
    const answers = await fetch(`${endpoint}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return child;
    await pause(200);
  }
  child.kill();
  throw new Error('ministack does not answer; its log is spectrum-rehearsal.log in the temporary folder');
}

/** ministack of the machine, or one installed into the temporary folder by Python's pip. */
function findEmulator() {
  if (spawnSync('ministack', ['--help']).status === 0) return 'ministack';
  const folder = join(tmpdir(), `spectrum-ministack-${version}`);
  const program = join(folder, 'bin', 'ministack');
  if (existsSync(program)) return program;
  console.log(`installing ministack ${version} into ${folder}`);
  for (const [command, words] of [
    ['python3', ['-m', 'venv', folder]],
    [join(folder, 'bin', 'pip'), ['install', '--quiet', `ministack==${version}`]],
  ]) {
    const { status } = spawnSync(command, words, { stdio: 'inherit' });
    if (status !== 0) throw new Error('ministack cannot be installed; it needs python3 with venv and a package index');
  }
  return program;
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port: found } = probe.address();
      probe.close(() => resolve(found));
    });
  });
}
