import type { App } from 'aws-cdk-lib';
import type { DeploymentSettings } from './settings.ts';
import { ConfigurationStack } from './stacks/configuration.ts';

/** Creates the stacks of one deployment in dependency order. */
export function buildDeployment(app: App, settings: DeploymentSettings): void {
  new ConfigurationStack(app, `${settings.name}-configuration`, {
    env: { region: settings.region },
    terminationProtection: true,
    settings,
  });
}
