import {
  type FileSystem,
  type IFileSystem,
  ReplicationConfiguration,
  ReplicationOverwriteProtection,
} from 'aws-cdk-lib/aws-efs';
import { AccountPrincipal, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { createEncryptedFiles, denyEveryone, type EncryptedFilesProps } from './encrypted-files.ts';

export interface ReferenceFileSystemProps extends EncryptedFilesProps {
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
    const { replication } = props;
    this.fileSystem = createEncryptedFiles(this, props, 'reference data', createStatements(props), {
      ...(replication?.kind === 'target'
        ? { replicationOverwriteProtection: ReplicationOverwriteProtection.DISABLED }
        : {}),
      ...(replication?.kind === 'source'
        ? { replicationConfiguration: ReplicationConfiguration.existingFileSystem(replication.target) }
        : {}),
    });
  }
}

function createStatements({ loaderRole, sharedWithAccounts }: ReferenceFileSystemProps): PolicyStatement[] {
  const shared = sharedWithAccounts.map((account) => new AccountPrincipal(account));
  return [
    new PolicyStatement({
      sid: 'OnlyTheLoaderWrites',
      ...denyEveryone(),
      actions: ['elasticfilesystem:ClientWrite'],
      ...(loaderRole ? { conditions: { ArnNotEquals: { 'aws:PrincipalArn': loaderRole.roleArn } } } : {}),
    }),
    new PolicyStatement({
      sid: 'OnlyThroughAnAccessPoint',
      ...denyEveryone(),
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
  ];
}
