import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { LogKeeping } from './log-group.ts';

export interface FirewallProps {
  /** Of the deployment and cluster; starts the names. */
  readonly name: string;
  readonly loadBalancerArn: string;
  readonly logs: LogKeeping;
}

/** AWS WAF before a balancer: the common rules of AWS and a limit on what one address may send. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(props.name),
      rules: [
        {
          name: 'common',
          priority: 0,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              // A request of many rows is larger than the 8 KB that the rule set tolerates.
              ruleActionOverrides: [{ name: 'SizeRestrictions_BODY', actionToUse: { count: {} } }],
            },
          },
          visibilityConfig: visibility(`${props.name}-common`),
        },
        {
          name: 'rate',
          priority: 1,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: requestsPerFiveMinutes, aggregateKeyType: 'IP' } },
          visibilityConfig: visibility(`${props.name}-rate`),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', { webAclArn: acl.attrArn, resourceArn: props.loadBalancerArn });
    const retention: RetentionDays = props.logs.retentionDays;
    const log = new LogGroup(this, 'Log', {
      // The prefix is AWS WAF's own (developer guide, logging to CloudWatch Logs).
      logGroupName: `aws-waf-logs-${props.name}`,
      retention,
      encryptionKey: props.logs.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [log.logGroupArn],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }, { singleHeader: { Name: 'cookie' } }],
    });
  }
}

const requestsPerFiveMinutes = 100_000;

function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
