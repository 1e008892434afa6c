import type { DeploymentSettings } from '../lib/settings.ts';

export const deployments: readonly DeploymentSettings[] = [{ name: 'spectrum', region: 'us-east-1' }];
