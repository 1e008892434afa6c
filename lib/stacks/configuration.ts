import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationTable, RuntimeTable } from '../constructs/configuration-table.ts';
import { tableNames } from '../constructs/tables.ts';
import type { DeploymentSettings, OwnConfigurationSettings } from '../settings.ts';

export interface ConfigurationStackProps extends StackProps {
  readonly settings: DeploymentSettings;
  readonly configuration: OwnConfigurationSettings;
  /** Only the home region's stack makes the configuration table; it makes the copies of the other regions too. */
  readonly isHome: boolean;
}

/** The configuration database of a deployment: it outlives every cluster that reads it. */
export class ConfigurationStack extends Stack {
  readonly configuration: ConfigurationTable | undefined;
  readonly runtime: RuntimeTable;

  constructor(scope: Construct, id: string, props: ConfigurationStackProps) {
    super(scope, id, props);
    const { settings, configuration, isHome } = props;
    const names = tableNames(settings.name);
    this.runtime = new RuntimeTable(this, 'RuntimeTable', names.runtime);
    this.configuration = isHome
      ? new ConfigurationTable(this, 'ConfigurationTable', {
          tableName: names.configuration,
          settings: configuration,
          replicaRegions: settings.regions.slice(1).map(({ region }) => region),
        })
      : undefined;
  }
}
