import type { FileSystem } from 'aws-cdk-lib/aws-efs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { createEncryptedFiles, denyEveryone, type EncryptedFilesProps } from './encrypted-files.ts';

/**
 * The files that jobs read and write, apart from the reference data, which stays the loader's alone. Each cluster sees
 * a folder of its own through its access point.
 */
export class JobFileSystem extends Construct {
  readonly fileSystem: FileSystem;

  constructor(scope: Construct, id: string, props: EncryptedFilesProps) {
    super(scope, id);
    // Who may mount and write is said by the nodes' roles, each for one access point.
    const onlyThroughAnAccessPoint = new PolicyStatement({
      sid: 'OnlyThroughAnAccessPoint',
      ...denyEveryone(),
      actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
      conditions: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } },
    });
    this.fileSystem = createEncryptedFiles(this, props, 'job files', [onlyThroughAnAccessPoint]);
  }
}
