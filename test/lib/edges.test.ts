import { configs } from './support/configs.ts';
import { type Properties, resourcesOf, synthesize, type Template } from './support/synthesis.ts';

//   callers ─► balancer ─► node ─► files, job files        every ─► AWS endpoints
//                           ▲ ▲
//                     node ─┘ └─ Lambdas
let templates: Record<string, Template>;

beforeAll(() => {
  templates = synthesize(configs['closed-network']);
});

/** Words of a security group for people, from whatever expression names it. */
const groups: readonly [RegExp, string][] = [
  [/EndpointGroup/, 'endpoints'],
  [/JobFilesMountTargets/, 'job files'],
  [/MountTargets/, 'files'],
  [/LoadBalancerGroup/, 'balancer'],
  [/NodeGroup/, 'node'],
  [/LoaderTaskGroup/, 'loader'],
  [/LargeJobsTaskGroup/, 'job'],
  [/Watchmain\w*Group/, 'lambda'],
];

function nameOf(expression: unknown): string {
  const text = JSON.stringify(expression);
  return groups.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}

function ingressEdges(): string[] {
  const inline = resourcesOf(templates, 'AWS::EC2::SecurityGroup').flatMap(({ id, Properties }) =>
    ((Properties.SecurityGroupIngress ?? []) as Properties[]).map((rule) => ({ ...rule, GroupId: id }) as Properties),
  );
  const lone = resourcesOf(templates, 'AWS::EC2::SecurityGroupIngress').map(({ Properties }) => Properties);
  return [...inline, ...lone]
    .map((rule) => `${rule.CidrIp ?? nameOf(rule.SourceSecurityGroupId)} → ${nameOf(rule.GroupId)} ${rule.FromPort}`)
    .sort();
}

test('the only ways into anything are these', () => {
  expect([...new Set(ingressEdges())]).toEqual(
    [
      '10.40.0.0/16 → balancer 443',
      '10.40.0.0/16 → balancer 80',
      '10.40.0.0/16 → endpoints 443',
      '192.168.10.0/24 → balancer 443',
      '192.168.10.0/24 → balancer 80',
      '192.168.20.0/24 → balancer 443',
      '192.168.20.0/24 → balancer 80',
      'balancer → node 8080',
      'balancer → node 8081',
      'job → files 2049',
      'lambda → balancer 443',
      'lambda → node 8081',
      'loader → files 2049',
      'node → files 2049',
      'node → job files 2049',
      'node → node 8080',
    ].sort(),
  );
});

test('no group lets everything out', () => {
  const rules = [
    ...resourcesOf(templates, 'AWS::EC2::SecurityGroup').flatMap(
      ({ Properties }) => Properties.SecurityGroupEgress ?? [],
    ),
    ...resourcesOf(templates, 'AWS::EC2::SecurityGroupEgress').map(({ Properties }) => Properties),
  ] as Properties[];
  const open = rules.filter(({ IpProtocol, CidrIp }) => IpProtocol === '-1' && CidrIp === '0.0.0.0/0');
  expect(open).toEqual([]);
});

test('a closed network has no way to the internet, and an endpoint for every service that is called', () => {
  expect(resourcesOf(templates, 'AWS::EC2::NatGateway')).toEqual([]);
  expect(resourcesOf(templates, 'AWS::EC2::InternetGateway')).toEqual([]);
  const routes = resourcesOf(templates, 'AWS::EC2::Route');
  expect(routes).toEqual([]);
  const services = resourcesOf(templates, 'AWS::EC2::VPCEndpoint').map(({ Properties }) => {
    const tail =
      JSON.stringify(Properties.ServiceName)
        .split(/us-east-1\.|Region"\},"\./)
        .at(-1) ?? '';
    return tail.replace(/[^a-z0-9.]/g, '');
  });
  expect(services.sort()).toEqual([
    'dynamodb',
    'ecr.api',
    'ecr.dkr',
    'ecs',
    'elasticloadbalancing',
    'logs',
    's3',
    'secretsmanager',
    'states',
  ]);
});

test('two clusters share one file system through access points of their own', () => {
  const shared = synthesize(configs['shared-reference-data']);
  const systems = resourcesOf(shared, 'AWS::EFS::FileSystem').map(({ stack }) => stack);
  expect(systems.sort()).toEqual(['spectrum-job-files', 'spectrum-reference-data']);
  const points = resourcesOf(shared, 'AWS::EFS::AccessPoint').filter(({ id }) => !id.startsWith('JobFiles'));
  expect(points.map(({ stack }) => stack).sort()).toEqual([
    'spectrum-main',
    'spectrum-reference-data',
    'spectrum-second',
  ]);
  const readers = points.filter(({ stack }) => stack !== 'spectrum-reference-data');
  for (const { Properties } of readers) {
    expect(Properties.PosixUser).toEqual({ Uid: '1000', Gid: '1000' });
    expect(Properties.RootDirectory.CreationInfo.OwnerUid).toBe('1001');
  }
});

test('the job files of a cluster are a folder of its own, which no other cluster sees', () => {
  const points = resourcesOf(synthesize(configs['shared-reference-data']), 'AWS::EFS::AccessPoint');
  const folders = points
    .filter(({ id }) => id.startsWith('JobFiles'))
    .map(({ stack, Properties }) => [stack, Properties.RootDirectory, Properties.PosixUser]);
  const creation = { OwnerUid: '1000', OwnerGid: '1000', Permissions: '0750' };
  expect(folders).toEqual([
    ['spectrum-main', { Path: '/main', CreationInfo: creation }, { Uid: '1000', Gid: '1000' }],
    ['spectrum-second', { Path: '/second', CreationInfo: creation }, { Uid: '1000', Gid: '1000' }],
  ]);
});
