import { RemovalPolicy } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { FileSystem, type FileSystemProps, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { addBackup, type FileBackup } from './file-backup.ts';
import type { Network } from './network.ts';

export interface EncryptedFilesProps {
  readonly network: Network;
  readonly throughput: 'elastic' | 'bursting';
  readonly backup: FileBackup;
}

/** What denials of a file system's policy say of all who ask. */
export const denyEveryone = () => ({ effect: Effect.DENY, principals: [new AnyPrincipal()] });

/**
 * A file system that is kept, with a mount target per zone: nobody uses it in plain or as root.
 * @param content what lies in it
 * @param statements who else may do what: nodes and loaders come through access points
 */
export function createEncryptedFiles(
  scope: Construct,
  { network, throughput, backup }: EncryptedFilesProps,
  content: string,
  statements: readonly PolicyStatement[],
  replication: Pick<FileSystemProps, 'replicationOverwriteProtection' | 'replicationConfiguration'> = {},
): FileSystem {
  const fileSystem = new FileSystem(scope, 'Files', {
    vpc: network.vpc,
    vpcSubnets: network.nodeSubnets,
    securityGroup: new SecurityGroup(scope, 'MountTargets', {
      vpc: network.vpc,
      description: `Mount targets of the ${content}`,
      allowAllOutbound: false,
    }),
    encrypted: true,
    throughputMode: throughput === 'elastic' ? ThroughputMode.ELASTIC : ThroughputMode.BURSTING,
    fileSystemPolicy: new PolicyDocument({ statements: [...denials(), ...statements] }),
    // Despite its name this only keeps CDK from adding `Allow * ClientWrite, ClientRootAccess` to the policy above,
    // which would undo it: permissions of one account add up. Any policy of its own already ends anonymous access.
    allowAnonymousAccess: true,
    enableAutomaticBackups: false,
    removalPolicy: RemovalPolicy.RETAIN,
    ...replication,
  });
  addBackup(scope, fileSystem, backup);
  return fileSystem;
}

function denials(): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'OnlyEncrypted',
      ...denyEveryone(),
      actions: ['*'],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    new PolicyStatement({
      sid: 'NobodyActsAsRoot',
      ...denyEveryone(),
      actions: ['elasticfilesystem:ClientRootAccess'],
    }),
  ];
}
