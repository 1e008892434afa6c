import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import type { FileSystem } from 'aws-cdk-lib/aws-efs';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

export interface FileBackup {
  /** Days that a nightly backup is kept; 0 makes none. */
  readonly days: number;
  readonly key: IKey;
}

/** Backs the files up every night, into a vault that outlives them. */
export function addBackup(scope: Construct, fileSystem: FileSystem, { days, key }: FileBackup): void {
  if (days === 0) return;
  const vault = new BackupVault(scope, 'Vault', { encryptionKey: key, removalPolicy: RemovalPolicy.RETAIN });
  const rule = new BackupPlanRule({
    scheduleExpression: Schedule.cron({ hour: '4', minute: '0' }),
    deleteAfter: Duration.days(days),
  });
  const plan = new BackupPlan(scope, 'Backup', { backupVault: vault, backupPlanRules: [rule] });
  plan.addSelection('Files', { resources: [BackupResource.fromEfsFileSystem(fileSystem)] });
}
