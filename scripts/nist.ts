// npm run nist: holds every example of config/ against cdk-nag's pack NIST 800-53 R5 and writes docs/nist-800-53.md.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DeploymentInput } from '../lib/settings.ts';
import { findNist, formatNist } from '../test/lib/support/nist.ts';

async function main(): Promise<void> {
  const names = readdirSync('config').map((name) => name.replace('.ts', ''));
  const configs: Record<string, readonly DeploymentInput[]> = {};
  for (const name of names) {
    const module = (await import(pathToFileURL(join(process.cwd(), 'config', `${name}.ts`)).href)) as {
      readonly deployments: readonly DeploymentInput[];
    };
    configs[name] = module.deployments;
  }
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-nist-'));
  writeFileSync('docs/nist-800-53.md', formatNist(findNist(configs, folder)));
  rmSync(folder, { recursive: true });
  process.stdout.write(readFileSync('docs/nist-800-53.md', 'utf8'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
