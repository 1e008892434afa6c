import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { LogKeeping } from '../constructs/log-group.ts';
import type { DeploymentSettings } from '../settings.ts';

export interface FoundationStackProps extends StackProps {
  readonly settings: DeploymentSettings;
}

/** What the other stacks of a region share: the key of logs and notices, the alarm topic, the access-log bucket. */
export class FoundationStack extends Stack {
  readonly key: Key;
  readonly alarmTopic: Topic;
  readonly accessLogs: Bucket;
  readonly logs: LogKeeping;

  constructor(scope: Construct, id: string, props: FoundationStackProps) {
    super(scope, id, props);
    const { name, logRetentionDays, operations } = props.settings;
    this.key = this.createKey(name);
    this.logs = { deployment: name, key: this.key, retentionDays: logRetentionDays };
    this.alarmTopic = new Topic(this, 'AlarmTopic', { masterKey: this.key, enforceSSL: true });
    if (operations.alarmEmail) this.alarmTopic.addSubscription(new EmailSubscription(operations.alarmEmail));
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      // Load balancers deliver only to buckets under S3-managed keys (ELB user guide, access logs).
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { expiration: Duration.days(logRetentionDays), noncurrentVersionExpiration: Duration.days(1) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    new CfnOutput(this, 'AccessLogsBucket', { value: this.accessLogs.bucketName });
  }

  private createKey(name: string): Key {
    const key = new Key(this, 'Key', {
      description: `Logs, alarms and backups of ${name}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const actions = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Logs',
        principals: [new ServicePrincipal(`logs.${this.region}.amazonaws.com`)],
        actions,
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [`/${name}/*`, `aws-waf-logs-${name}-*`].map((group) =>
              this.formatArn({ service: 'logs', resource: `log-group:${group}` }),
            ),
          },
        },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return key;
  }
}
