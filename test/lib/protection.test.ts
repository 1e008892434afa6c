import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configs } from './support/configs.ts';
import { resourcesOf, synthesize, type Template } from './support/synthesis.ts';

const kept = [
  'AWS::Backup::BackupVault',
  'AWS::DynamoDB::GlobalTable',
  'AWS::EFS::FileSystem',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
];

// Together these make every resource that holds data; the others repeat them.
const examples = ['two-regions', 'three-regions-strong', 'closed-network'] as const;

const all: Record<string, Record<string, Template>> = {};

beforeAll(() => {
  for (const name of examples) all[name] = synthesize(configs[name]);
});

test.each(examples)('%s: what cannot be made again stays when its stack goes', (name) => {
  for (const type of kept) {
    for (const resource of resourcesOf(all[name] ?? {}, type)) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  }
});

test.each(examples)('%s: every log group expires and has a key', (name) => {
  for (const { Properties } of resourcesOf(all[name] ?? {}, 'AWS::Logs::LogGroup')) {
    expect(Properties.RetentionInDays).toBeGreaterThan(0);
    expect(Properties.KmsKeyId).toBeDefined();
  }
});

test('no logical id of a resource that holds data has changed', () => {
  // A changed id is a replaced resource: an empty table beside the full one. Review such a change like a migration.
  const file = join(__dirname, 'stateful-ids.json');
  const ids = Object.fromEntries(
    Object.entries(all).map(([name, templates]) => [
      name,
      [...kept, 'AWS::ElasticLoadBalancingV2::LoadBalancer']
        .flatMap((type) => resourcesOf(templates, type))
        .map(({ stack, id, Type }) => `${stack} ${id} ${Type}`)
        .sort(),
    ]),
  );
  expect(ids).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
