import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AuditArchive } from '../constructs/audit-archive.ts';
import { ConfigurationTable, RuntimeTable } from '../constructs/configuration-table.ts';
import { tableNames } from '../constructs/tables.ts';
import type { DeploymentSettings, OwnConfigurationSettings } from '../settings.ts';

export interface ConfigurationStackProps extends StackProps {
  readonly settings: DeploymentSettings;
  readonly configuration: OwnConfigurationSettings;
  /** Only the first region's stack makes the archive and the configuration table, the copies of other regions too. */
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
    if (isHome) this.addArchive(settings.name, configuration.archiveDays);
    this.runtime = new RuntimeTable(this, 'RuntimeTable', names.runtime);
    this.configuration = isHome
      ? new ConfigurationTable(this, 'ConfigurationTable', {
          tableName: names.configuration,
          settings: configuration,
          replicaRegions: settings.regions.slice(1).map(({ region }) => region),
        })
      : undefined;
  }
  private addArchive(deployment: string, days: number): void {
    const { bucket } = new AuditArchive(this, 'AuditArchive', { deployment, days });
    new CfnOutput(this, 'AuditArchiveBucket', { value: bucket.bucketName });
  }
}
