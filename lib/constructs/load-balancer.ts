import { Duration } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  type ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  DesyncMitigationMode,
  type IApplicationLoadBalancerTarget,
  ListenerAction,
  ListenerCondition,
  Protocol,
  SslPolicy,
  TargetGroupLoadBalancingAlgorithmType,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { containerPorts } from '../../contract/container.ts';
import { healthLimits, healthPaths, leavingLimits } from '../../contract/health.ts';
import type { LoadBalancerSettings } from '../settings.ts';
import type { Network } from './network.ts';

export interface LoadBalancerProps {
  readonly settings: LoadBalancerSettings;
  readonly network: Network;
  readonly region: string;
  readonly accessLogs: IBucket;
  readonly accessLogPrefix: string;
}

/** The address of a cluster: sends each request to the node with the fewest outstanding ones. */
export class LoadBalancer extends Construct {
  readonly balancer: ApplicationLoadBalancer;
  readonly listener: ApplicationListener;
  readonly url: string;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { settings, network } = props;
    this.balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc: network.vpc,
      vpcSubnets: settings.internetFacing ? network.publicSubnets : network.nodeSubnets,
      internetFacing: settings.internetFacing,
      securityGroup: this.createGroup(props),
      dropInvalidHeaderFields: true,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      idleTimeout: idleTimeout,
    });
    this.balancer.logAccessLogs(props.accessLogs, props.accessLogPrefix);
    this.listener = this.createListener(props);
    this.url =
      settings.listener.kind === 'https'
        ? `https://${settings.listener.hostName}`
        : `http://${this.balancer.loadBalancerDnsName}`;
  }

  /** Sends every path that no group claims to `target`. */
  addDefaultTarget(target: IApplicationLoadBalancerTarget): ApplicationTargetGroup {
    const group = this.createTargetGroup('Nodes', target);
    this.listener.addAction('Nodes', { action: ListenerAction.forward([group]) });
    return group;
  }

  /** Sends the calls of `services` straight to a group; a shortcut, for any node would forward them. */
  addGroupTarget(name: string, services: readonly string[], index: number, target: IApplicationLoadBalancerTarget) {
    const group = this.createTargetGroup(`Group-${name}`, target);
    for (const [part, pair] of inPairs(services).entries()) {
      this.listener.addAction(`Group-${name}-${part}`, {
        priority: (index + 1) * 100 + part,
        conditions: [
          ListenerCondition.pathPatterns(pair.flatMap((service) => [`/rest/${service}/*`, `/soap/${service}`])),
        ],
        action: ListenerAction.forward([group]),
      });
    }
    return group;
  }

  private createGroup({ settings, network }: LoadBalancerProps): SecurityGroup {
    const group = new SecurityGroup(this, 'Group', {
      vpc: network.vpc,
      description: 'Balancer: who may call the cluster',
      allowAllOutbound: false,
    });
    const callers = settings.allowedCidrs.length > 0 ? settings.allowedCidrs : [network.cidr];
    const ports = settings.listener.kind === 'https' ? [443, 80] : [80];
    for (const caller of callers) {
      for (const port of ports) group.addIngressRule(Peer.ipv4(caller), Port.tcp(port), `Callers from ${caller}`);
    }
    return group;
  }

  private createListener({ settings, region }: LoadBalancerProps): ApplicationListener {
    const { listener } = settings;
    if (listener.kind === 'http') {
      return this.balancer.addListener('Plain', { protocol: ApplicationProtocol.HTTP, open: false });
    }
    this.balancer.addRedirect({ open: false });
    return this.balancer.addListener('Encrypted', {
      protocol: ApplicationProtocol.HTTPS,
      certificates: [Certificate.fromCertificateArn(this, 'Certificate', String(listener.certificateArns[region]))],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      open: false,
    });
  }

  private createTargetGroup(id: string, target: IApplicationLoadBalancerTarget): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, id, {
      vpc: this.balancer.vpc,
      targetType: TargetType.IP,
      protocol: ApplicationProtocol.HTTP,
      port: containerPorts.service,
      targets: [target],
      deregistrationDelay: Duration.millis(healthLimits.deregistrationMs),
      loadBalancingAlgorithmType: TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS,
      healthCheck: {
        protocol: Protocol.HTTP,
        port: String(containerPorts.health),
        path: healthPaths.ready,
        healthyHttpCodes: '200',
        interval: Duration.millis(healthLimits.intervalMs),
        timeout: Duration.millis(healthLimits.timeoutMs),
        healthyThresholdCount: healthLimits.healthyThreshold,
        unhealthyThresholdCount: healthLimits.unhealthyThreshold,
      },
    });
  }
}

// Below the nodes' keep-alive of 65 s, else the balancer reuses a connection that the node just closed.
const idleTimeout = Duration.millis(leavingLimits.balancerIdleMs);

// A rule holds at most five values (ELB quotas): two services of two paths each.
function inPairs(services: readonly string[]): string[][] {
  return services.flatMap((service, index) =>
    index % 2 === 0 ? [[service, ...services.slice(index + 1, index + 2)]] : [],
  );
}
