import { RemovalPolicy } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  FileSystem,
  type IFileSystem,
  ReplicationConfiguration,
  ReplicationOverwriteProtection,
  ThroughputMode,
} from 'aws-cdk-lib/aws-efs';
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  type IRole,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { addBackup, type FileBackup } from './file-backup.ts';
import type { Network } from './network.ts';

export interface ReferenceFileSystemProps {
  readonly network: Network;
  readonly throughput: 'elastic' | 'bursting';
  readonly backup: FileBackup;
  readonly sharedWithAccounts: readonly string[];
  /** The only one who may write; nobody where replication alone fills the files. */
  readonly loaderRole?: IRole;
  /** Region's copy: `source` fills it, so nobody else may; `target` names the copy that this one fills. */
  readonly replication?: { readonly kind: 'target' } | { readonly kind: 'source'; readonly target: IFileSystem };
}

/** The files of the databases, once for all clusters of a region: encrypted, a mount target per zone, kept. */
export class ReferenceFileSystem extends Construct {
  readonly fileSystem: FileSystem;

  constructor(scope: Construct, id: string, props: ReferenceFileSystemProps) {
    super(scope, id);
    const { network, replication } = props;
    this.fileSystem = new FileSystem(this, 'Files', {
      vpc: network.vpc,
      vpcSubnets: network.nodeSubnets,
      securityGroup: new SecurityGroup(this, 'MountTargets', {
        vpc: network.vpc,
        description: 'Mount targets of the reference data',
        allowAllOutbound: false,
      }),
      encrypted: true,
      throughputMode: props.throughput === 'elastic' ? ThroughputMode.ELASTIC : ThroughputMode.BURSTING,
      fileSystemPolicy: this.createPolicy(props),
      // Despite its name this only keeps CDK from adding `Allow * ClientWrite, ClientRootAccess` to the policy above,
      // which would undo it: permissions of one account add up. Any policy of its own already ends anonymous access.
      allowAnonymousAccess: true,
      enableAutomaticBackups: false,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(replication?.kind === 'target'
        ? { replicationOverwriteProtection: ReplicationOverwriteProtection.DISABLED }
        : {}),
      ...(replication?.kind === 'source'
        ? { replicationConfiguration: ReplicationConfiguration.existingFileSystem(replication.target) }
        : {}),
    });
    addBackup(this, this.fileSystem, props.backup);
  }

  private createPolicy(props: ReferenceFileSystemProps): PolicyDocument {
    const everyone = [new AnyPrincipal()];
    const deny = { effect: Effect.DENY, principals: everyone };
    const shared = props.sharedWithAccounts.map((account) => new AccountPrincipal(account));
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
          sid: 'OnlyTheLoaderWrites',
          ...deny,
          actions: ['elasticfilesystem:ClientWrite'],
          ...(props.loaderRole
            ? { conditions: { ArnNotEquals: { 'aws:PrincipalArn': props.loaderRole.roleArn } } }
            : {}),
        }),
        new PolicyStatement({
          sid: 'OnlyThroughAnAccessPoint',
          ...deny,
          actions: ['elasticfilesystem:ClientMount'],
          conditions: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } },
        }),
        ...(shared.length > 0
          ? [
              new PolicyStatement({
                sid: 'OtherAccountsRead',
                principals: shared,
                actions: ['elasticfilesystem:ClientMount'],
                conditions: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
              }),
            ]
          : []),
      ],
    });
  }
}
