import { type App, CfnDeletionPolicy, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';

/** Backups outlive what they are copies of, and the key that reads them with them. */
const keptTypes: ReadonlySet<string> = new Set(['AWS::Backup::BackupVault', 'AWS::KMS::Key']);

/**
 * Lifts every protection of data, so that deleting the stacks deletes it: stacks' termination protection, tables'
 * deletion protection, policies that retain. For `npm run destroy -- <config> --remove-data` only.
 */
export function allowDataRemoval(app: App): void {
  for (const construct of app.node.findAll()) {
    if (construct instanceof Stack) construct.terminationProtection = false;
    if (!(construct instanceof CfnResource) || keptTypes.has(construct.cfnResourceType)) continue;
    const options = construct.cfnOptions;
    if (options.deletionPolicy === CfnDeletionPolicy.RETAIN) options.deletionPolicy = CfnDeletionPolicy.DELETE;
    if (options.updateReplacePolicy === CfnDeletionPolicy.RETAIN)
      options.updateReplacePolicy = CfnDeletionPolicy.DELETE;
    if (construct instanceof CfnGlobalTable) liftDeletionProtection(construct);
  }
}

function liftDeletionProtection(table: CfnGlobalTable): void {
  const { replicas } = Stack.of(table).resolve({ replicas: table.replicas }) as {
    readonly replicas: readonly unknown[];
  };
  for (const index of replicas.keys()) table.addPropertyOverride(`Replicas.${index}.DeletionProtectionEnabled`, false);
}
