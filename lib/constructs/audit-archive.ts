import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

const prefix = 'changes';

/** The bucket of the changes that have left the tables of `deployment`, known by its name as the tables are. */
export class NamedAuditArchive {
  readonly bucketName: string;
  readonly location: string;
  private readonly stack: Stack;

  constructor(scope: Construct, deployment: string) {
    this.stack = Stack.of(scope);
    this.bucketName = bucketNameOf(deployment, this.stack.account, this.stack.region);
    this.location = `s3://${this.bucketName}/${prefix}`;
  }

  /** Allows adding changes, and neither reading nor removing any; the bucket keeps what a second put would replace. */
  grantPut(grantee: IGrantable): void {
    const resource = `${this.bucketName}/${prefix}/*`;
    const arn = this.stack.formatArn({ service: 's3', region: '', account: '', resource });
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: [arn] }));
  }
}

/** As findings name the objects of the archive of `deployment`. */
export function formatArchivedObjects(deployment: string, { account, partition, region }: Stack): string {
  const named = (value: string, pseudo: string) => (Token.isUnresolved(value) ? `<AWS::${pseudo}>` : value);
  const name = bucketNameOf(deployment, named(account, 'AccountId'), region);
  return `arn:${named(partition, 'Partition')}:s3:::${name}/${prefix}/*`;
}

export interface AuditArchiveProps {
  readonly deployment: string;
  /** Days that an archived change is kept. */
  readonly days: number;
}

/** Where changes go that are too old for the configuration table: added to, never changed, gone after their time. */
export class AuditArchive extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { deployment, days }: AuditArchiveProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Changes', {
      bucketName: new NamedAuditArchive(this, deployment).bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      serverAccessLogsPrefix: 'access/',
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { prefix: `${prefix}/`, expiration: Duration.days(days), noncurrentVersionExpiration: Duration.days(days) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: 'access/', expiration: Duration.days(90) },
      ],
    });
  }
}

function bucketNameOf(deployment: string, account: string, region: string): string {
  return `${deployment}-audit-${account}-${region}`;
}
