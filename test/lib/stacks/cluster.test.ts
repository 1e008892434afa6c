import type { DeploymentInput } from '../../../lib/settings.ts';
import { configs } from '../support/configs.ts';
import { type Properties, resourcesOf, synthesize } from '../support/synthesis.ts';

/** Variables of the node container of the tasks whose logical id begins so. */
function variablesOf(deployments: readonly DeploymentInput[], id: string): Record<string, string> {
  const [task] = resourcesOf(synthesize(deployments), 'AWS::ECS::TaskDefinition').filter((found) =>
    found.id.startsWith(id),
  );
  const variables = task?.Properties.ContainerDefinitions[0].Environment as Properties[];
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

/** What the nodes of each cluster stack are told of regions, and the tables that they may write, as `region/name`. */
function regionsOfNodes(deployments: readonly DeploymentInput[]) {
  const templates = synthesize(deployments);
  const tasks = resourcesOf(templates, 'AWS::ECS::TaskDefinition').filter(({ id }) => id.startsWith('NodesTask'));
  const regions = tasks.map(({ stack, Properties }) => {
    const told = (Properties.ContainerDefinitions[0].Environment as Properties[]).filter(({ Name }) =>
      ['SPECTRUM_REGION', 'SPECTRUM_HOME_REGION'].includes(Name),
    );
    const statements = resourcesOf(templates, 'AWS::IAM::Policy')
      .filter((policy) => policy.stack === stack && policy.id.startsWith('NodesTaskDefinitionTaskRole'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Properties[])
      .filter(({ Action }) => Action.includes('dynamodb:PutItem'));
    const tables = statements.flatMap(({ Resource }) => tablesIn(JSON.stringify(Resource)));
    const variables: Record<string, string> = Object.fromEntries(told.map(({ Name, Value }) => [Name, Value]));
    return { ...variables, tables: [...new Set(tables)].sort() };
  });
  return regions.sort((a, b) => a.tables.join().localeCompare(b.tables.join()));
}

function tablesIn(resources: string): string[] {
  const found = resources.matchAll(/:dynamodb:([a-z0-9-]+):.*?:table\/([\w-]+)/g);
  return [...found].map(([, region, name]) => `${region}/${name}`);
}

test('with one home for writing, nodes know both regions and reach the configuration of each', () => {
  const configurations = ['us-east-1/spectrum-configuration', 'us-west-2/spectrum-configuration'];
  expect(regionsOfNodes(configs['two-regions'])).toEqual([
    {
      SPECTRUM_REGION: 'us-east-1',
      SPECTRUM_HOME_REGION: 'us-east-1',
      tables: [configurations[0], 'us-east-1/spectrum-runtime', configurations[1]],
    },
    {
      SPECTRUM_REGION: 'us-west-2',
      SPECTRUM_HOME_REGION: 'us-east-1',
      tables: [...configurations, 'us-west-2/spectrum-runtime'],
    },
  ]);
});

test('with a table that is strong across regions every node writes where it is', () => {
  const local = (region: string) => ({ tables: [`${region}/spectrum-configuration`, `${region}/spectrum-runtime`] });
  expect(regionsOfNodes(configs['three-regions-strong'])).toEqual(['us-east-1', 'us-east-2', 'us-west-2'].map(local));
});

test('in one region nodes are told of none', () => {
  expect(regionsOfNodes(configs.cluster)).toEqual([
    { tables: ['us-east-1/spectrum-configuration', 'us-east-1/spectrum-runtime'] },
  ]);
});

test('nodes on the tables of another deployment know where those are written', () => {
  const nodes: DeploymentInput = {
    name: 'nodes',
    regions: [{ region: 'us-west-2', network: { kind: 'new', outbound: 'nat' } }],
    configuration: { kind: 'separated', deployment: 'spectrum', tableRegions: ['us-east-1', 'us-west-2'] },
    clusters: [{ name: 'main', loadBalancer: { listener: { kind: 'http' } } }],
  };
  expect(regionsOfNodes([nodes])).toEqual([
    {
      SPECTRUM_REGION: 'us-west-2',
      SPECTRUM_HOME_REGION: 'us-east-1',
      tables: ['us-east-1/spectrum-configuration', 'us-west-2/spectrum-configuration', 'us-west-2/spectrum-runtime'],
    },
  ]);
});

test('nodes of all services run jobs with files that they share; groups leave that to them', () => {
  expect(variablesOf(configs['remote-servers'], 'NodesTask')).toMatchObject({ SPECTRUM_JOB_FILES: '/job-files' });
  expect(variablesOf(configs['remote-servers'], 'NodesTask')).not.toHaveProperty('SPECTRUM_JOB_RUNS');
  expect(variablesOf(configs['remote-servers'], 'Group')).toMatchObject({ SPECTRUM_JOB_RUNS: '0' });
});

test('without job files there is no file system for them, and nodes run no jobs', () => {
  const without = configs.cluster.map((deployment) => ({ ...deployment, jobFiles: { kind: 'none' } as const }));
  expect(variablesOf(without, 'NodesTask')).not.toHaveProperty('SPECTRUM_JOB_FILES');
  expect(resourcesOf(synthesize(without), 'AWS::EFS::FileSystem').map(({ stack }) => stack)).toEqual([
    'spectrum-reference-data',
  ]);
});

test('nodes of the first region move old changes to its bucket, and only they do', () => {
  const bucket = JSON.stringify({
    'Fn::Join': ['', ['s3://spectrum-audit-', { Ref: 'AWS::AccountId' }, '-us-east-1/changes']],
  });
  const archives = resourcesOf(synthesize(configs['two-regions']), 'AWS::ECS::TaskDefinition')
    .filter(({ id }) => id.startsWith('NodesTask'))
    .map(({ stack, Properties }) => {
      const variables = Properties.ContainerDefinitions[0].Environment as Properties[];
      const valueFor = (name: string) => variables.find(({ Name }) => Name === name)?.Value;
      return [stack, JSON.stringify(valueFor('SPECTRUM_AUDIT_ARCHIVE')), valueFor('SPECTRUM_AUDIT_DAYS')];
    });
  expect(archives.sort()).toEqual([
    ['spectrum-main', bucket, '90'],
    ['spectrum-us-west-2-main', undefined, '90'],
  ]);
});

test('the audit archive is kept for its time, and what was put is never replaced', () => {
  const buckets = resourcesOf(synthesize(configs['two-regions']), 'AWS::S3::Bucket').filter(({ stack }) =>
    stack.endsWith('configuration'),
  );
  expect(buckets.map(({ stack }) => stack)).toEqual(['spectrum-configuration']);
  expect(buckets[0]).toMatchObject({
    DeletionPolicy: 'Retain',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([expect.objectContaining({ Prefix: 'changes/', ExpirationInDays: 2557 })]),
      },
    },
  });
});
