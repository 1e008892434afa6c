import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { FileSystem, type IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { containerPaths, starterVintage } from '../../contract/container.ts';
import { createImage } from '../constructs/image.ts';
import type { Network } from '../constructs/network.ts';
import { ReferenceFileSystem } from '../constructs/reference-file-system.ts';
import { createLoaderRole, ReferenceLoader } from '../constructs/reference-loader.ts';
import type { ImageSettings, NewReferenceDataSettings } from '../settings.ts';
import type { FoundationStack } from './foundation.ts';

export interface ReferenceDataStackProps extends StackProps {
  readonly referenceData: NewReferenceDataSettings;
  readonly network: Network;
  readonly foundation: FoundationStack;
  readonly image: ImageSettings;
  /** Copy in the second region that this one fills. */
  readonly replica?: IFileSystem | undefined;
}

/** The reference data of a region and the loader that makes vintages of it; any number of clusters attach. */
export class ReferenceDataStack extends Stack {
  readonly fileSystem: FileSystem;
  readonly loader: ReferenceLoader;

  constructor(scope: Construct, id: string, props: ReferenceDataStackProps) {
    super(scope, id, props);
    const { network, foundation, referenceData, replica } = props;
    const role = createLoaderRole(this);
    const files = new ReferenceFileSystem(this, 'ReferenceData', {
      ...referenceData,
      network,
      backup: { days: referenceData.backupDays, key: foundation.key },
      loaderRole: role,
      ...(replica ? { replication: { kind: 'source', target: replica } } : {}),
    });
    this.fileSystem = files.fileSystem;
    this.loader = new ReferenceLoader(this, 'Loader', {
      network,
      fileSystem: files.fileSystem,
      image: createImage(this, props.image),
      role,
      logs: foundation.logs,
    });
    new CfnOutput(this, 'FileSystemId', { value: this.fileSystem.fileSystemId });
    new CfnOutput(this, 'SourceBucket', { value: this.loader.bucket.bucketName });
    new CfnOutput(this, 'LoadStarterData', {
      description: 'Run once after the first deployment',
      value: `aws stepfunctions start-execution --state-machine-arn ${this.loader.stateMachine.stateMachineArn} --input '${starterInput}'`,
    });
    new CfnOutput(this, 'LoaderStateMachine', { value: this.loader.stateMachine.stateMachineArn });
  }
}

const starterInput = JSON.stringify({
  arguments: ['load', 'starter', '--out', containerPaths.referenceData, '--vintage', starterVintage.vintage],
});

export interface ReferenceDataReplicaStackProps extends StackProps {
  readonly network: Network;
  readonly foundation: FoundationStack;
}

/** The second region's copy: filled by replication alone, read by that region's clusters. */
export class ReferenceDataReplicaStack extends Stack {
  readonly fileSystem: FileSystem;

  constructor(scope: Construct, id: string, props: ReferenceDataReplicaStackProps) {
    super(scope, id, props);
    const files = new ReferenceFileSystem(this, 'ReferenceData', {
      network: props.network,
      throughput: 'elastic',
      backup: { days: 0, key: props.foundation.key },
      sharedWithAccounts: [],
      replication: { kind: 'target' },
    });
    this.fileSystem = files.fileSystem;
  }
}

/** A file system that another deployment or account made. */
export function attachFileSystem(scope: Construct, fileSystemId: string, securityGroupId: string): IFileSystem {
  return FileSystem.fromFileSystemAttributes(scope, 'ReferenceData', {
    fileSystemId,
    securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'MountTargets', securityGroupId, {
      allowAllOutbound: false,
    }),
  });
}
