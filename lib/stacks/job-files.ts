import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { FileSystem } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { JobFileSystem } from '../constructs/job-file-system.ts';
import type { Network } from '../constructs/network.ts';
import type { NewJobFilesSettings } from '../settings.ts';
import type { FoundationStack } from './foundation.ts';

export interface JobFilesStackProps extends StackProps {
  readonly settings: NewJobFilesSettings;
  readonly network: Network;
  readonly foundation: FoundationStack;
}

/** The files of a region's jobs: they outlive the clusters that run the jobs. */
export class JobFilesStack extends Stack {
  readonly fileSystem: FileSystem;

  constructor(scope: Construct, id: string, props: JobFilesStackProps) {
    super(scope, id, props);
    const { settings, network, foundation } = props;
    const backup = { days: settings.backupDays, key: foundation.key };
    this.fileSystem = new JobFileSystem(this, 'JobFiles', { ...settings, network, backup }).fileSystem;
    new CfnOutput(this, 'JobFileSystemId', { value: this.fileSystem.fileSystemId });
  }
}
