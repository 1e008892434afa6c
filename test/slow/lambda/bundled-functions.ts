import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface FunctionResource {
  readonly Type: string;
  readonly Properties: { readonly Handler: string; readonly Code: { readonly S3Key: string } };
}

/** Synthesises a config as a deployment does and answers the folders of its Lambda bundles, by program. */
export function synthesizeFunctions(config: string): Record<string, string> {
  const output = mkdtempSync(join(tmpdir(), 'spectrum-synth-'));
  // Whatever stands above the temporary folder must not decide how the bundles are loaded.
  writeFileSync(join(output, 'package.json'), '{}');
  const app = `node --import tsx bin/spectrum.ts ${config}`;
  execFileSync('npx', ['--no-install', 'cdk', 'synth', '--quiet', '--app', app, '--output', output], { stdio: 'pipe' });
  const template = readFileSync(join(output, 'spectrum-operations.template.json'), 'utf8');
  const { Resources } = JSON.parse(template) as { readonly Resources: Record<string, FunctionResource> };
  const found = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return Object.fromEntries(
    found.map(([id, { Properties }]) => [
      /(nodehealth|timesync|canary)/.exec(id)?.[0] ?? id,
      join(output, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`),
    ]),
  );
}

export interface Invocation {
  /** What the handler returned. */
  readonly result: unknown;
  /** Lines of the embedded metric format, parsed. */
  readonly records: readonly Record<string, unknown>[];
  readonly initMs: number;
}

// What the Lambda runtime does: load the bundle, then call its handler.
const runtime = `
const startedMs = performance.now();
const { handler } = require(process.argv[1]);
const initMs = performance.now() - startedMs;
handler({}).then((result) => process.stdout.write('\\nRESULT ' + JSON.stringify({ result, initMs }) + '\\n'));
`;

/** Invokes a bundle in a process of its own, with `environment` and nothing else of ours. */
export async function invoke(folder: string, environment: Readonly<Record<string, string>>): Promise<Invocation> {
  const child = spawn(process.execPath, ['-e', runtime, join(folder, 'index.js')], {
    env: {
      PATH: process.env.PATH,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await new Promise((resolve) => child.on('close', resolve));
  const lines = output.split('\n').filter((line) => line !== '');
  const end = lines.find((line) => line.startsWith('RESULT '));
  if (!end) throw new Error(`the handler did not end: ${errors.slice(0, 2000)}`);
  const { result, initMs } = JSON.parse(end.slice('RESULT '.length)) as { result: unknown; initMs: number };
  const records = lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { result, records, initMs };
}
