import { parseSettings } from '../../lib/parse-settings.ts';
import type { DeploymentInput } from '../../lib/settings.ts';
import { configs } from './support/configs.ts';

const plain = { loadBalancer: { listener: { kind: 'http' } } } as const;
const small: DeploymentInput = {
  name: 'example',
  regions: [{ region: 'eu-west-1' }],
  clusters: [{ name: 'main', ...plain }],
};
const withNodes = (nodes: object): DeploymentInput => ({ ...small, clusters: [{ name: 'main', ...plain, nodes }] });

test('the least settings are completed with the defaults', () => {
  expect(parseSettings(small)).toMatchObject({
    scenario: 'cluster',
    logRetentionDays: 90,
    regions: [
      { network: { kind: 'new', cidr: '10.20.0.0/16', outbound: 'endpoints' }, referenceData: { kind: 'new' } },
    ],
    clusters: [{ nodes: { minimum: 2, maximum: 6, vcpu: 1 }, loadBalancer: { internetFacing: false } }],
    operations: { stopUnhealthyNodes: false, clockSkewMs: 100 },
    jobFiles: { kind: 'new', throughput: 'elastic', backupDays: 35 },
  });
});

test.each(Object.entries(configs))('the example %s is accepted', (_name, deployments) => {
  expect(() => deployments.map(parseSettings)).not.toThrow();
});

const refused: readonly [string, DeploymentInput, RegExp][] = [
  ['a name with capitals', { ...small, name: 'Spectrum' }, /^- name: "Spectrum" is not allowed/m],
  ['no region', { ...small, regions: [] }, /regions: empty/],
  [
    'a region twice',
    { ...small, regions: [{ region: 'eu-west-1' }, { region: 'eu-west-1' }] },
    /regions: "eu-west-1" is named twice/,
  ],
  ['an account of letters', { ...small, account: 'mine' }, /account: "mine"/],
  [
    'CPU and memory that do not go together',
    withNodes({ vcpu: 1, memoryMiB: 512 }),
    /nodes\.memoryMiB: 512 does not go with 1 vcpu; use 2048 to 8192/,
  ],
  ['a CPU that Fargate has not', withNodes({ vcpu: 3 }), /nodes\.vcpu: 3 is not a Fargate size/],
  ['a cluster of one node', withNodes({ minimum: 1 }), /nodes\.minimum: 1 is not allowed; use 2/],
  ['a maximum below the minimum', withNodes({ minimum: 4, maximum: 3 }), /nodes\.maximum: 3 is not allowed; use 4/],
  [
    'a standard scenario with two nodes',
    { ...withNodes({ maximum: 2 }), scenario: 'standard' },
    /scenario: "standard" is one node/,
  ],
  [
    'remote servers without groups',
    { ...small, scenario: 'remote-servers' },
    /scenario: "remote-servers" needs at least one entry in groups/,
  ],
  [
    'strong consistency in one region',
    { ...small, configuration: { kind: 'own', consistency: 'strong' } },
    /"strong" needs exactly three regions, 1 given/,
  ],
  [
    'a witness without strong consistency',
    { ...small, configuration: { kind: 'own', witnessRegion: 'eu-west-2' } },
    /configuration\.witnessRegion: only "strong"/,
  ],
  [
    'a public balancer open to nobody',
    { ...small, clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' }, internetFacing: true } }] },
    /allowedCidrs: an internet-facing balancer must say/,
  ],
  [
    'a certificate of another region',
    {
      ...small,
      clusters: [
        { name: 'main', loadBalancer: { listener: { kind: 'https', hostName: 'a.example.com', certificateArns: {} } } },
      ],
    },
    /certificateArns: no ARN for eu-west-1/,
  ],
  ['a retention that CloudWatch has not', { ...small, logRetentionDays: 100 }, /logRetentionDays: 100 is not allowed/],
  [
    'a range with bits behind its prefix',
    { ...small, regions: [{ region: 'eu-west-1', network: { kind: 'new', cidr: '10.0.0.1/16' } }] },
    /cidr: "10\.0\.0\.1\/16" has bits set/,
  ],
  [
    'a replica in the home region',
    { ...small, regions: [{ region: 'eu-west-1', referenceData: { kind: 'replica' } }] },
    /"replica" works in the second region only/,
  ],
  [
    'two regions with one home behind endpoints, of which none leads to the other',
    { ...small, regions: [{ region: 'eu-west-1' }, { region: 'eu-central-1' }] },
    /regions\[0\]\.network\.outbound: "endpoints" reaches .* use "nat", an existing network .*"strong"[\s\S]*regions\[1\]\.network\.outbound/,
  ],
  [
    'tables of another deployment whose home lies beyond the endpoints',
    {
      ...small,
      configuration: { kind: 'separated', deployment: 'tables', tableRegions: ['us-east-1', 'eu-west-1'] },
    },
    /regions\[0\]\.network\.outbound: "endpoints" .* written in one of us-east-1, eu-west-1/,
  ],
  [
    'tables that are not where the nodes run',
    { ...small, configuration: { kind: 'separated', deployment: 'tables', tableRegions: ['us-east-1'] } },
    /configuration\.tableRegions: "eu-west-1" runs nodes and is not among them/,
  ],
  [
    'job files without a cluster',
    { ...small, clusters: [], jobFiles: { kind: 'new' } },
    /jobFiles: "new" needs at least one cluster/,
  ],
  [
    'backups of job files for half a day',
    { ...small, jobFiles: { kind: 'new', backupDays: 0.5 } },
    /jobFiles\.backupDays/,
  ],
  ['large jobs without a cluster', { ...small, clusters: [], largeJobs: {} }, /largeJobs: needs at least one cluster/],
];

test('two regions with one home are accepted with a way between them, or where only tables are', () => {
  const nat = { kind: 'new', outbound: 'nat' } as const;
  const regions = ['eu-west-1', 'eu-central-1'];
  const connected = regions.map((region) => ({ region, network: nat }));
  expect(() => parseSettings({ ...small, regions: connected })).not.toThrow();
  const tables = { ...small, clusters: [], regions: regions.map((region) => ({ region })) };
  expect(() => parseSettings(tables)).not.toThrow();
});

test.each(refused)('refuses %s with a sentence that names the option', (_name, input, sentence) => {
  expect(() => parseSettings(input)).toThrow(sentence);
});

test('names every refused option at once', () => {
  const wrong = { ...withNodes({ vcpu: 3, cpuPercent: 99 }), logRetentionDays: 2 };
  expect(() => parseSettings(wrong)).toThrow(/logRetentionDays[\s\S]*vcpu[\s\S]*cpuPercent/);
});
