import { Annotations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { NetworkSettings, NewNetworkSettings } from '../settings.ts';
import { createLogGroup, type LogKeeping } from './log-group.ts';

export interface NetworkProps {
  readonly settings: NetworkSettings;
  readonly logs: LogKeeping;
  /** Whether any balancer answers on the internet; without one a closed network has no public subnets at all. */
  readonly isPublic: boolean;
  /** Whether nodes start large jobs, which needs one endpoint more. */
  readonly startsJobs: boolean;
}

/** Where a deployment's nodes run in one region, and how they reach AWS from there. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly cidr: string;
  readonly nodeSubnets: SubnetSelection;
  readonly publicSubnets: SubnetSelection;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { settings } = props;
    this.cidr = settings.cidr;
    if (settings.kind === 'new') {
      this.vpc = this.createVpc(settings, props);
      this.nodeSubnets = { subnetGroupName: 'node' };
    } else {
      const { vpcId, cidr, availabilityZones, nodeSubnetIds, publicSubnetIds } = settings;
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId,
        vpcCidrBlock: cidr,
        availabilityZones: [...availabilityZones],
        privateSubnetIds: [...nodeSubnetIds],
        ...(publicSubnetIds.length > 0 ? { publicSubnetIds: [...publicSubnetIds] } : {}),
      });
      this.nodeSubnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
      // Routes of an existing network are its owner's; nothing here reads them.
      Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId');
    }
    this.publicSubnets = { subnetType: SubnetType.PUBLIC };
  }

  private createVpc(settings: NewNetworkSettings, props: NetworkProps): Vpc {
    const isClosed = settings.outbound === 'endpoints';
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(settings.cidr),
      availabilityZones: [...settings.availabilityZones],
      natGateways: isClosed ? 0 : settings.natGateways,
      // Nothing joins the default group; emptying it would take a custom resource with EC2 permissions.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        {
          name: 'node',
          subnetType: isClosed ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
          cidrMask: 24,
        },
        ...(props.isPublic || !isClosed ? [publicSubnets] : []),
      ],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      flowLogs: {
        All: {
          trafficType: FlowLogTrafficType.ALL,
          destination: FlowLogDestination.toCloudWatchLogs(
            createLogGroup(this, 'FlowLogs', 'network/flows', props.logs),
          ),
        },
      },
    });
    if (isClosed) this.addEndpoints(vpc, props.startsJobs);
    return vpc;
  }

  private addEndpoints(vpc: Vpc, startsJobs: boolean): void {
    const group = this.createEndpointGroup(vpc);
    for (const [name, service] of Object.entries({ ...closedNetworkEndpoints, ...(startsJobs ? jobEndpoints : {}) })) {
      vpc.addInterfaceEndpoint(name, {
        service,
        subnets: { subnetGroupName: 'node' },
        securityGroups: [group],
        open: false,
      });
    }
  }

  private createEndpointGroup(vpc: Vpc): ISecurityGroup {
    const group = new SecurityGroup(this, 'EndpointGroup', {
      vpc,
      description: 'AWS endpoints, called from inside the VPC',
      allowAllOutbound: false,
    });
    group.addIngressRule(Peer.ipv4(this.cidr), Port.tcp(443), 'The VPC calls AWS');
    return group;
  }
}

const publicSubnets: SubnetConfiguration = {
  name: 'public',
  subnetType: SubnetType.PUBLIC,
  cidrMask: 26,
  mapPublicIpOnLaunch: false,
};

/** What nodes and Lambdas call besides S3 and DynamoDB, which have gateways free of charge. */
const closedNetworkEndpoints = {
  Registry: InterfaceVpcEndpointAwsService.ECR,
  RegistryLayers: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Tasks: InterfaceVpcEndpointAwsService.ECS,
  Balancers: InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING,
};

const jobEndpoints = { Jobs: InterfaceVpcEndpointAwsService.STEP_FUNCTIONS };
