import { RemovalPolicy } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { FileSystem, ThroughputMode } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { addBackup, type FileBackup } from './file-backup.ts';
import type { Network } from './network.ts';

export interface JobFileSystemProps {
  readonly network: Network;
  readonly throughput: 'elastic' | 'bursting';
  readonly backup: FileBackup;
}

/**
 * The files that jobs read and write, apart from the reference data, which stays the loader's alone. Each cluster sees
 * a folder of its own through its access point.
 */
export class JobFileSystem extends Construct {
  readonly fileSystem: FileSystem;

  constructor(scope: Construct, id: string, { network, throughput, backup }: JobFileSystemProps) {
    super(scope, id);
    this.fileSystem = new FileSystem(this, 'Files', {
      vpc: network.vpc,
      vpcSubnets: network.nodeSubnets,
      securityGroup: new SecurityGroup(this, 'MountTargets', {
        vpc: network.vpc,
        description: 'Mount targets of the job files',
        allowAllOutbound: false,
      }),
      encrypted: true,
      throughputMode: throughput === 'elastic' ? ThroughputMode.ELASTIC : ThroughputMode.BURSTING,
      fileSystemPolicy: createPolicy(),
      // Despite its name this only keeps CDK from adding `Allow * ClientWrite, ClientRootAccess` to the policy above.
      allowAnonymousAccess: true,
      enableAutomaticBackups: false,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    addBackup(this, this.fileSystem, backup);
  }
}

/** Only denials: who may mount and write is said by the nodes' roles, each for one access point. */
function createPolicy(): PolicyDocument {
  const deny = { effect: Effect.DENY, principals: [new AnyPrincipal()] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'OnlyEncrypted',
        ...deny,
        actions: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      new PolicyStatement({ sid: 'NobodyActsAsRoot', ...deny, actions: ['elasticfilesystem:ClientRootAccess'] }),
      new PolicyStatement({
        sid: 'OnlyThroughAnAccessPoint',
        ...deny,
        actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        conditions: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } },
      }),
    ],
  });
}
