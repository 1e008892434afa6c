import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationTable } from '../constructs/configuration-table.ts';
import type { DeploymentSettings } from '../settings.ts';

export interface ConfigurationStackProps extends StackProps {
  readonly settings: DeploymentSettings;
}

/** The configuration database of a deployment: it outlives every cluster that reads it. */
export class ConfigurationStack extends Stack {
  constructor(scope: Construct, id: string, props: ConfigurationStackProps) {
    super(scope, id, props);
    new ConfigurationTable(this, 'ConfigurationTable', { tableName: `${props.settings.name}-configuration` });
  }
}
