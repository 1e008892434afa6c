import fc from 'fast-check';
import type { DeploymentInput } from '../../../lib/settings.ts';
import { resourcesOf, synthesize } from '../../lib/support/synthesis.ts';

const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'ap-northeast-1', 'us-west-1'];

const nodes = fc.record(
  {
    vcpu: fc.constantFrom(0.25, 0.5, 1, 2, 3, 4),
    memoryMiB: fc.constantFrom(512, 2048, 4096, 8192),
    minimum: fc.integer({ min: 0, max: 5 }),
    maximum: fc.integer({ min: 0, max: 20 }),
    spotPercent: fc.constantFrom(0, 50, 100, 101),
    processes: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: [] },
);

const listener = fc.oneof(
  fc.constant({ kind: 'http' } as const),
  fc.record({
    kind: fc.constant('https' as const),
    hostName: fc.constantFrom('a.example.com', 'NOT A HOST'),
    certificateArns: fc.constant(
      Object.fromEntries(regions.map((region) => [region, `arn:aws:acm:${region}:123456789012:certificate/x`])),
    ),
  }),
);

const cluster = fc.record(
  {
    name: fc.constantFrom('main', 'second', 'third', 'Wrong'),
    loadBalancer: fc.record(
      {
        listener,
        internetFacing: fc.boolean(),
        firewall: fc.boolean(),
        allowedCidrs: fc.subarray(['0.0.0.0/0', '10.0.0.0/8', '10.1.2.3/8']),
      },
      { requiredKeys: ['listener'] },
    ),
    nodes,
    groups: fc.array(
      fc.record({
        name: fc.constantFrom('geocoding', 'names'),
        services: fc.subarray(['GeocodeUSAddress', 'ValidateAddress', 'GetCandidateAddresses']),
        nodes,
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['name', 'loadBalancer'] },
);

const deployment: fc.Arbitrary<DeploymentInput> = fc.record(
  {
    name: fc.constantFrom('spectrum', 'x', 'a-b-c', 'much-too-long-a-name-for-it'),
    scenario: fc.constantFrom('standard', 'cluster', 'remote-servers', 'separated-configuration'),
    regions: fc
      .uniqueArray(fc.constantFrom(...regions), { minLength: 0, maxLength: 3 })
      .chain((names) =>
        fc
          .constantFrom('endpoints' as const, 'nat' as const)
          .map((outbound) => names.map((region) => ({ region, network: { kind: 'new' as const, outbound } }))),
      ),
    clusters: fc.array(cluster, { maxLength: 2 }),
    configuration: fc.oneof(
      fc.record({
        kind: fc.constant('own' as const),
        consistency: fc.constantFrom('home' as const, 'strong' as const),
      }),
      fc.constant({ kind: 'separated', deployment: 'tables' } as const),
    ),
    largeJobs: fc.record({ maximumTasks: fc.integer({ min: 0, max: 6000 }) }),
    logRetentionDays: fc.constantFrom(30, 90, 91),
  },
  { requiredKeys: ['name', 'regions', 'clusters'] },
);

test('any settings are deployable or refused with a sentence for each wrong option', () => {
  const outcomes = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(deployment, (input) => {
      try {
        const templates = synthesize([input]);
        outcomes.accepted += 1;
        for (const { Properties } of resourcesOf(templates, 'AWS::EFS::FileSystem')) {
          const allowed = Properties.FileSystemPolicy.Statement.filter(
            ({ Effect }: { Effect: string }) => Effect === 'Allow',
          );
          expect(allowed).toEqual([]);
        }
        for (const { Properties } of resourcesOf(templates, 'AWS::CloudWatch::Alarm'))
          expect(Properties.AlarmActions).toHaveLength(1);
      } catch (error) {
        expect(error).toHaveProperty('name', 'SettingsError');
        expect((error as Error).message).toMatch(/^the settings are refused:\n- [\w.[\]() ]+: /);
        outcomes.refused += 1;
      }
    }),
    { numRuns: 60 },
  );
  expect(outcomes.refused).toBeGreaterThan(0);
});

test('settings that differ only in size are all deployable', () => {
  const good = fc.record({
    name: fc.constantFrom('spectrum', 'x1'),
    regions: fc
      .uniqueArray(fc.constantFrom(...regions), { minLength: 1, maxLength: 2 })
      .map((names) => names.map((region) => ({ region, network: { kind: 'new', outbound: 'nat' } as const }))),
    clusters: fc
      .array(
        fc.record({
          name: fc.constantFrom('main', 'second', 'third'),
          loadBalancer: fc.record({ listener: fc.constant({ kind: 'http' } as const), firewall: fc.boolean() }),
          nodes: fc.record({ minimum: fc.integer({ min: 2, max: 4 }), spotPercent: fc.integer({ min: 0, max: 100 }) }),
        }),
        { minLength: 1, maxLength: 2 },
      )
      .filter((list) => new Set(list.map(({ name }) => name)).size === list.length),
  });
  fc.assert(
    fc.property(good, (input) => {
      const templates = synthesize([input]);
      return resourcesOf(templates, 'AWS::ECS::Service').length === input.clusters.length * input.regions.length;
    }),
    { numRuns: 8 },
  );
});
