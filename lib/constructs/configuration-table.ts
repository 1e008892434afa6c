import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, MultiRegionConsistency, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableAttributes } from '../../contract/tables.ts';
import type { OwnConfigurationSettings } from '../settings.ts';

export interface ConfigurationTableProps {
  /** Fixed, so that a table kept by a destroyed stack can be imported again by its name. */
  readonly tableName: string;
  readonly settings: OwnConfigurationSettings;
  /** Regions besides the stack's own that hold a copy and run nodes. */
  readonly replicaRegions: readonly string[];
}

/** The change log of every cluster: restorable to any second, never deleted with its stack. */
export class ConfigurationTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, props: ConfigurationTableProps) {
    super(scope, id);
    const { settings, replicaRegions } = props;
    const isStrong = settings.consistency === 'strong';
    this.table = new TableV2(this, 'Table', {
      tableName: props.tableName,
      ...keySchema,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: settings.recoveryDays,
      },
      replicas: replicaRegions.map((region) => ({ region, deletionProtection: true })),
      ...(isStrong ? { multiRegionConsistency: MultiRegionConsistency.STRONG } : {}),
      ...(settings.witnessRegion ? { witnessRegion: settings.witnessRegion } : {}),
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

/** Node registrations, leases, runs and clock results of one region; expired items are collected by the table. */
export class RuntimeTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, tableName: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName,
      ...keySchema,
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: tableAttributes.expiresAt,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

const keySchema = {
  partitionKey: { name: tableAttributes.partitionKey, type: AttributeType.STRING },
  sortKey: { name: tableAttributes.sortKey, type: AttributeType.STRING },
};
