// npm run costs: writes docs/costs.md, the monthly price of each example while it idles, from the synthesised templates.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const hours = 730;
const priceDate = '2026-09';

/** US dollars, us-east-1, on demand, from the AWS price list of `priceDate`. */
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

const properties = (template, type) =>
  Object.values(template.Resources)
    .filter((resource) => resource.Type === type)
    .map((resource) => resource.Properties);

/** Each line: what it is called, and what a template's resources of that kind cost a month. */
const lines = {
  nodes: (template) => nodeCost(template),
  balancers: (template) =>
    properties(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer').length * prices.balancerHour * hours,
  endpoints: (template) =>
    properties(template, 'AWS::EC2::VPCEndpoint').reduce((sum, { SubnetIds = [] }) => sum + SubnetIds.length, 0) *
    prices.endpointHour *
    hours,
  NAT: (template) => properties(template, 'AWS::EC2::NatGateway').length * prices.natHour * hours,
  'keys and secrets': (template) =>
    properties(template, 'AWS::KMS::Key').length * prices.keyMonth +
    properties(template, 'AWS::SecretsManager::Secret').length * prices.secretMonth,
  watching: (template) =>
    properties(template, 'AWS::CloudWatch::Alarm').length * prices.alarmMonth +
    properties(template, 'AWS::CloudWatch::Dashboard').length * prices.dashboardMonth,
  firewall: (template) => properties(template, 'AWS::WAFv2::WebACL').length * prices.firewallMonth,
};

/** A service's nodes at its minimum, the size from its task definition. */
function nodeCost({ Resources }) {
  const targets = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApplicationAutoScaling::ScalableTarget');
  return targets.reduce((sum, { Properties: { MinCapacity, ResourceId } }) => {
    const service = Object.keys(Resources).find(
      (id) => Resources[id].Type === 'AWS::ECS::Service' && JSON.stringify(ResourceId).includes(`"${id}"`),
    );
    const task = Resources[Resources[service].Properties.TaskDefinition.Ref].Properties;
    const hourly = (task.Cpu / 1024) * prices.vcpuHour + (task.Memory / 1024) * prices.gibHour;
    return sum + MinCapacity * hourly * hours;
  }, 0);
}

function costsOf(config) {
  const folder = mkdtempSync(join(tmpdir(), 'spectrum-costs-'));
  const app = ['--app', `node --import tsx bin/spectrum.ts ${config}`, '--output', folder];
  const { status } = spawnSync('npx', ['--no-install', 'cdk', 'synth', '--quiet', ...app], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${config} does not synthesise`);
  const templates = readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  rmSync(folder, { recursive: true });
  return Object.values(lines).map((cost) => templates.reduce((sum, template) => sum + cost(template), 0));
}

const configs = readdirSync('config').map((name) => name.replace('.ts', ''));
const rows = configs.map((config) => {
  const costs = costsOf(config);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  return `| \`${config}\` | ${costs.map((cost) => Math.round(cost)).join(' | ')} | **${Math.round(total)}** |`;
});
const names = Object.keys(lines);
writeFileSync(
  'docs/costs.md',
  `# What the examples cost

US dollars a month in us-east-1, idle, nodes at their minimum, all regions together at that region's prices; price list
of ${priceDate}. Written by \`npm run costs\` from the templates. Not in it, because they depend on use: capacity units
of the balancer, reads and writes of tables ($0.16 a node for following the configuration), stored and read files
($0.30 and $0.03 a GB), logs and Container Insights, custom metrics of single nodes ($0.30 each), traffic.

| example | ${names.join(' | ')} | total |
|---|${names.map(() => '---:|').join('')}---:|
${rows.join('\n')}
`,
);
