import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { allowDataRemoval } from '../lib/data-removal.ts';
import { buildDeployment } from '../lib/deployment.ts';
import { parseSettings } from '../lib/parse-settings.ts';
import type { DeploymentInput } from '../lib/settings.ts';

interface ConfigModule {
  readonly deployments: readonly DeploymentInput[];
}

// Words: a file of config/, then `remove-data` when everything is to go.
synthesize(process.argv[2] ?? 'cluster', process.argv[3] === 'remove-data').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function synthesize(name: string, removesData: boolean): Promise<void> {
  const file = join(process.cwd(), 'config', `${name}.ts`);
  const { deployments } = (await import(pathToFileURL(file).href)) as ConfigModule;
  const app = new App();
  for (const deployment of deployments) buildDeployment(app, parseSettings(deployment));
  // The checks ask for the very protections that are being lifted.
  if (removesData) allowDataRemoval(app);
  else addChecks(app);
  app.synth();
}
