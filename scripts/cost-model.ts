import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const hours = 730;
/** Of the AWS price list that `prices` was read from. */
export const priceDate = '2026-09';

/** US dollars, us-east-1, on demand. */
const prices = {
  vcpuHour: 0.03238,
  gibHour: 0.00356,
  balancerHour: 0.0225,
  endpointHour: 0.01,
  natHour: 0.045,
  keyMonth: 1,
  secretMonth: 0.4,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  firewallMonth: 5 + 2,
};

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have no one type
  readonly Properties: any;
}

interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** Each line: what it is called, and what a template's resources of that kind cost a month. */
export const costLines: Readonly<Record<string, (template: Template) => number>> = {
  nodes: nodeCost,
  balancers: (template) => count(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer') * prices.balancerHour * hours,
  endpoints: (template) =>
    propertiesOf(template, 'AWS::EC2::VPCEndpoint').reduce((sum, { SubnetIds = [] }) => sum + SubnetIds.length, 0) *
    prices.endpointHour *
    hours,
  NAT: (template) => count(template, 'AWS::EC2::NatGateway') * prices.natHour * hours,
  'keys and secrets': (template) =>
    count(template, 'AWS::KMS::Key') * prices.keyMonth +
    count(template, 'AWS::SecretsManager::Secret') * prices.secretMonth,
  watching: (template) =>
    count(template, 'AWS::CloudWatch::Alarm') * prices.alarmMonth +
    count(template, 'AWS::CloudWatch::Dashboard') * prices.dashboardMonth,
  firewall: (template) => count(template, 'AWS::WAFv2::WebACL') * prices.firewallMonth,
};

/** US dollars a month of a cloud assembly, line by line in the order of `costLines`. */
export function costsOfAssembly(folder: string): number[] {
  const templates = readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Template);
  return Object.values(costLines).map((cost) => templates.reduce((sum, template) => sum + cost(template), 0));
}

function propertiesOf({ Resources }: Template, type: string): readonly Resource['Properties'][] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
}

function count(template: Template, type: string): number {
  return propertiesOf(template, type).length;
}

/** Services' nodes at their minimum, the size from the task definition. */
function nodeCost(template: Template): number {
  const { Resources } = template;
  const targets = propertiesOf(template, 'AWS::ApplicationAutoScaling::ScalableTarget');
  return targets.reduce((sum, { MinCapacity, ResourceId }) => {
    const named = JSON.stringify(ResourceId);
    const service = Object.entries(Resources).find(
      ([id, { Type }]) => Type === 'AWS::ECS::Service' && named.includes(`"${id}"`),
    );
    const task = Resources[service?.[1].Properties.TaskDefinition.Ref]?.Properties;
    const hourly = (task.Cpu / 1024) * prices.vcpuHour + (task.Memory / 1024) * prices.gibHour;
    return sum + MinCapacity * hourly * hours;
  }, 0);
}
