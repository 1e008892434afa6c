import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { IFileSystem } from 'aws-cdk-lib/aws-efs';
import type { Construct } from 'constructs';
import { createImage } from '../constructs/image.ts';
import { LargeJobs } from '../constructs/large-jobs.ts';
import type { Network } from '../constructs/network.ts';
import type { ImageSettings, LargeJobSettings } from '../settings.ts';
import type { FoundationStack } from './foundation.ts';
import { attachFileSystem } from './reference-data.ts';

export interface LargeJobsStackProps extends StackProps {
  readonly settings: LargeJobSettings;
  readonly network: Network;
  readonly foundation: FoundationStack;
  readonly image: ImageSettings;
  readonly referenceData: IFileSystem | { readonly fileSystemId: string; readonly securityGroupId: string };
}

/** Jobs that are larger than a cluster, on an existing engine. */
export class LargeJobsStack extends Stack {
  readonly jobs: LargeJobs;

  constructor(scope: Construct, id: string, props: LargeJobsStackProps) {
    super(scope, id, props);
    const { settings, network, foundation, referenceData } = props;
    this.jobs = new LargeJobs(this, 'LargeJobs', {
      settings,
      network,
      image: createImage(this, props.image),
      fileSystem:
        'securityGroupId' in referenceData
          ? attachFileSystem(this, referenceData.fileSystemId, referenceData.securityGroupId)
          : referenceData,
      logs: foundation.logs,
    });
    new CfnOutput(this, 'JobsBucket', { value: this.jobs.bucket.bucketName });
    new CfnOutput(this, 'JobsStateMachine', { value: this.jobs.stateMachine.stateMachineArn });
  }
}
