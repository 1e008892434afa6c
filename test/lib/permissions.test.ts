import { configs } from './support/configs.ts';
import { type Properties, resourcesOf, synthesize, type Template } from './support/synthesis.ts';

let templates: Record<string, Template>;

beforeAll(() => {
  templates = synthesize(configs['closed-network']);
});

/** Actions that policies attach to roles whose logical id contains `role`, sorted. */
function actionsOf(stack: string, role: string): string[] {
  const policies = resourcesOf(templates, 'AWS::IAM::Policy').filter(
    (policy) => policy.stack === stack && JSON.stringify(policy.Properties.Roles).includes(role),
  );
  const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Properties[]);
  return [...new Set(statements.flatMap(({ Action }) => Action as string | string[]))].sort();
}

const networkInterfaces = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const tracing = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
const logging = ['logs:CreateLogStream', 'logs:PutLogEvents'];

const roles: readonly [what: string, stack: string, role: string, actions: readonly string[]][] = [
  [
    'a node',
    'spectrum-main',
    'NodesTaskDefinitionTaskRole',
    [
      'dynamodb:DeleteItem',
      'dynamodb:DescribeTable',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:Scan',
      'dynamodb:UpdateItem',
      'ecs:GetTaskProtection',
      'ecs:UpdateTaskProtection',
      'elasticfilesystem:ClientMount',
      'elasticfilesystem:ClientWrite',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
    ],
  ],
  [
    'the loader',
    'spectrum-reference-data',
    'LoaderRole9',
    [
      'elasticfilesystem:ClientMount',
      'elasticfilesystem:ClientWrite',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
    ],
  ],
  [
    'a large job',
    'spectrum-large-jobs',
    'LargeJobsTaskDefinitionTaskRole',
    ['elasticfilesystem:ClientMount', 's3:GetObject', 's3:ListBucket', 's3:PutObject'],
  ],
  [
    'the Lambda node-health',
    'spectrum-operations',
    'Watchmainnodehealth',
    [
      ...networkInterfaces,
      'ecs:DescribeTasks',
      'ecs:ListTasks',
      'elasticloadbalancing:DescribeTargetHealth',
      ...logging,
      'sqs:SendMessage',
      ...tracing,
    ],
  ],
  [
    'the Lambda time-sync',
    'spectrum-operations',
    'Watchmaintimesync',
    [
      'dynamodb:PutItem',
      ...networkInterfaces,
      'ecs:DescribeTasks',
      'ecs:ListTasks',
      ...logging,
      'sqs:SendMessage',
      ...tracing,
    ],
  ],
  [
    'the canary',
    'spectrum-operations',
    'Watchmaincanary',
    [
      ...networkInterfaces,
      ...logging,
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
      ...tracing,
    ],
  ],
];

test.each(roles)('%s may do exactly what it needs', (_what, stack, role, actions) => {
  expect(actionsOf(stack, role)).toEqual([...actions].sort());
});

/** Who may do `action`, and through which access point of which file system, as words of logical ids. */
function allowing(action: string): string[] {
  return resourcesOf(templates, 'AWS::IAM::Policy').flatMap(({ Properties }) =>
    (Properties.PolicyDocument.Statement as Properties[])
      .filter(({ Action }) => [Action].flat().includes(action))
      .map(({ Resource, Condition }) => {
        const point = JSON.stringify(Condition?.StringEquals['elasticfilesystem:AccessPointArn'] ?? 'any');
        const system = JSON.stringify(Resource).includes('JobFiles') ? 'job files' : 'reference data';
        const through = point.includes('JobFiles')
          ? 'the point of the jobs'
          : point.includes('AccessPoint')
            ? 'a point'
            : point;
        return `${Properties.Roles[0].Ref.replace(/[0-9A-F]{8}$/, '')} on ${system} through ${through}`;
      }),
  );
}

test('nobody but the loader can write reference data, nodes only their job files, and nobody acts as root', () => {
  expect(allowing('elasticfilesystem:ClientWrite').sort()).toEqual([
    'LoaderRole on reference data through a point',
    'NodesTaskDefinitionTaskRole on job files through the point of the jobs',
  ]);
  expect(allowing('elasticfilesystem:ClientRootAccess')).toEqual([]);
  const policies = resourcesOf(templates, 'AWS::EFS::FileSystem').map(({ stack, Properties }) => {
    const statements = Properties.FileSystemPolicy.Statement as Properties[];
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
    return [stack, statements.map(({ Sid }) => Sid)];
  });
  expect(Object.fromEntries(policies)).toEqual({
    'spectrum-reference-data': ['OnlyEncrypted', 'NobodyActsAsRoot', 'OnlyTheLoaderWrites', 'OnlyThroughAnAccessPoint'],
    'spectrum-job-files': ['OnlyEncrypted', 'NobodyActsAsRoot', 'OnlyThroughAnAccessPoint'],
  });
});

test('a node may add to one prefix of the audit archive', () => {
  const resources = resourcesOf(templates, 'AWS::IAM::Policy')
    .filter(({ stack }) => stack === 'spectrum-main')
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Properties[])
    .filter(({ Action }) => JSON.stringify(Action).includes('s3:'))
    .map(({ Resource }) => JSON.stringify(Resource).replace(/[^a-z0-9:/*-]+/gi, ' '));
  expect(resources).toEqual([
    expect.stringMatching(/:s3:::spectrum-audit- Ref : AWS::AccountId -us-east-1\/changes\/\* $/),
  ]);
});

test('a node may read the secrets below the name of its own cluster, and not its first password', () => {
  const shared = synthesize(configs['shared-reference-data']);
  const readable = resourcesOf(shared, 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('TaskDefinitionTaskRole'))
    .flatMap(({ stack, Properties }) =>
      (Properties.PolicyDocument.Statement as Properties[])
        .filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'))
        .map(({ Resource }) => [stack, JSON.stringify(Resource).replace(/[^a-z0-9:/*-]+/gi, ' ')]),
    );
  expect(readable.sort()).toEqual(
    ['spectrum-main', 'spectrum-second'].map((name) => [
      name,
      expect.stringMatching(new RegExp(`:secretsmanager:us-east-1: Ref : AWS::AccountId :secret:${name}/\\* $`)),
    ]),
  );
  const named = resourcesOf(shared, 'AWS::SecretsManager::Secret').filter(({ Properties }) => Properties.Name);
  expect(named).toEqual([]);
});

test('every mount names its access point, IAM and encryption in transit', () => {
  const volumes = resourcesOf(templates, 'AWS::ECS::TaskDefinition').flatMap(({ Properties }) =>
    (Properties.Volumes as Properties[]).filter(({ EFSVolumeConfiguration }) => EFSVolumeConfiguration),
  );
  expect(volumes).toHaveLength(4);
  for (const { EFSVolumeConfiguration: volume } of volumes) {
    expect(volume).toMatchObject({ TransitEncryption: 'ENABLED', AuthorizationConfig: { IAM: 'ENABLED' } });
    expect(volume.AuthorizationConfig.AccessPointId).toBeDefined();
  }
});

test('secrets reach a node by reference only', () => {
  const [node] = resourcesOf(templates, 'AWS::ECS::TaskDefinition').filter(({ stack }) => stack === 'spectrum-main');
  const container = node?.Properties.ContainerDefinitions[0] as Properties | undefined;
  expect(container?.Secrets.map(({ Name }: Properties) => Name)).toEqual(['SPECTRUM_ADMIN_PASSWORD']);
  expect(container?.Environment.map(({ Name }: Properties) => Name)).not.toContain('SPECTRUM_ADMIN_PASSWORD');
});
