import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { addChecks } from '../lib/checks.ts';
import { buildDeployment } from '../lib/deployment.ts';
import { parseSettings } from '../lib/parse-settings.ts';
import type { DeploymentInput } from '../lib/settings.ts';

interface ConfigModule {
  readonly deployments: readonly DeploymentInput[];
}

synthesize(process.argv[2] ?? 'cluster').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function synthesize(name: string): Promise<void> {
  const file = join(process.cwd(), 'config', `${name}.ts`);
  const { deployments } = (await import(pathToFileURL(file).href)) as ConfigModule;
  const app = new App();
  for (const deployment of deployments) buildDeployment(app, parseSettings(deployment));
  addChecks(app);
  app.synth();
}
