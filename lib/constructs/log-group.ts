import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** How every log group of a deployment is kept. */
export interface LogKeeping {
  /** Starts the names: `/<deployment>/…`. */
  readonly deployment: string;
  readonly key: IKey;
  readonly retentionDays: number;
}

/** Creates the log group `/<deployment>/<name>`, encrypted, expiring, gone with its stack. */
export function createLogGroup(scope: Construct, id: string, name: string, keeping: LogKeeping): LogGroup {
  const { deployment, key, retentionDays } = keeping;
  const retention: RetentionDays = retentionDays;
  const logGroupName = `/${deployment}/${name}`;
  return new LogGroup(scope, id, { logGroupName, retention, encryptionKey: key, removalPolicy: RemovalPolicy.DESTROY });
}
