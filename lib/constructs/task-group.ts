import { type ISecurityGroup, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { Network } from './network.ts';

/** Security group of tasks that call AWS and are called by nobody. */
export function createTaskGroup(scope: Construct, network: Network, description: string): SecurityGroup {
  const group = new SecurityGroup(scope, 'TaskGroup', { vpc: network.vpc, description, allowAllOutbound: false });
  allowCallsToAws(group);
  return group;
}

/** Lets `group` call AWS; in a closed network the route tables lead nowhere but to the endpoints. */
export function allowCallsToAws(group: ISecurityGroup): void {
  group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Calls AWS');
}
