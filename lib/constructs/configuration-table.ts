import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { tableAttributes } from '../../contract/tables.ts';

export interface ConfigurationTableProps {
  /** Fixed, so that a table kept by a destroyed stack can be imported again by its name. */
  readonly tableName: string;
}

/** The change log of every cluster: restorable to any second of the last 35 days, never deleted with its stack. */
export class ConfigurationTable extends Construct {
  constructor(scope: Construct, id: string, props: ConfigurationTableProps) {
    super(scope, id);
    new TableV2(this, 'Table', {
      tableName: props.tableName,
      partitionKey: { name: tableAttributes.partitionKey, type: AttributeType.STRING },
      sortKey: { name: tableAttributes.sortKey, type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
