import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createAlarm } from '../alarms.ts';
import { createLogGroup, type LogKeeping } from './log-group.ts';
import type { Network } from './network.ts';

export interface WatchFunctionProps {
  /** Folder below `lambda/` that holds `handler.ts`. */
  readonly program: 'node-health' | 'time-sync' | 'canary';
  /** Of the cluster that it watches. */
  readonly cluster: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: LogKeeping;
  readonly alarmTopic: ITopic;
  /** Receives the invocations that could not be made. */
  readonly lost: IQueue;
  /** Invokes it. */
  readonly schedulerRole: Role;
  /** Where it runs; outside any VPC when absent. */
  readonly inside?: { readonly network: Network; readonly group: SecurityGroup };
}

/** A small program that looks at a cluster once a minute. */
export class WatchFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: WatchFunctionProps) {
    super(scope, id);
    const logGroup = createLogGroup(this, 'Logs', `${props.cluster}/${props.program}`, props.logs);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    if (props.inside) role.addToPolicy(networkInterfaces());
    this.function = new NodejsFunction(this, 'Function', {
      entry: `lambda/${props.program}/handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.seconds(50),
      environment: { ...props.environment },
      role,
      logGroup,
      deadLetterQueue: props.lost,
      // Lines of the embedded metric format must reach the log as they are.
      loggingFormat: LoggingFormat.TEXT,
      tracing: Tracing.ACTIVE,
      bundling: bundling,
      ...(props.inside
        ? {
            vpc: props.inside.network.vpc,
            vpcSubnets: props.inside.network.nodeSubnets,
            securityGroups: [props.inside.group],
          }
        : {}),
    });
    if (props.inside) this.function.node.addDependency(role);
    this.addSchedule(props);
    createAlarm(this, 'Errors', {
      kind: 'lambda-errors',
      topic: props.alarmTopic,
      metric: this.function.metricErrors({ period: Duration.minutes(5), statistic: Stats.SUM }),
      threshold: 1,
    });
  }

  private addSchedule({ lost, schedulerRole }: WatchFunctionProps): void {
    schedulerRole.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    );
    // The L2 target would let the role invoke every version and alias besides.
    new CfnSchedule(this, 'Schedule', {
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.function.functionArn,
        roleArn: schedulerRole.roleArn,
        deadLetterConfig: { arn: lost.queueArn },
        // A check that is late is worth nothing: the next one comes within the minute.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
  }
}

/** The bundle holds its own AWS SDK, of the version that was tested. */
const bundling = {
  bundleAwsSDK: true,
  minify: true,
  format: OutputFormat.CJS,
  target: 'node24',
  // The comments would name paths of the machine that bundles, and change the bundle with them.
  esbuildArgs: { '--legal-comments': 'none' },
};

function networkInterfaces(): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
