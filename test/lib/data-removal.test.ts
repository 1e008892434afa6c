import { allowDataRemoval } from '../../lib/data-removal.ts';
import { configs } from './support/configs.ts';
import { type Resource, synthesize, type Template } from './support/synthesis.ts';

// Tables of one and of three regions, replication, large jobs: everything that holds data.
const examples = ['closed-network', 'two-regions', 'three-regions-strong'] as const;

function allResources(templates: Record<string, Template>): readonly (readonly [string, Resource])[] {
  return Object.entries(templates).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([id, resource]) => [`${stack} ${id}`, resource] as const),
  );
}

test.each(examples)('%s: nothing that holds data is protected any more, but backups and their key', (name) => {
  const resources = allResources(synthesize(configs[name], allowDataRemoval));
  const kept = resources.filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([, { Type }]) => Type);
  expect([...new Set(kept)].sort()).toEqual(['AWS::Backup::BackupVault', 'AWS::KMS::Key']);
  const tables = resources.filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable');
  expect(tables.length).toBeGreaterThan(1);
  for (const [, { Properties }] of tables) {
    for (const replica of Properties.Replicas) expect(replica.DeletionProtectionEnabled).toBe(false);
  }
});

test.each(examples)('%s: only protections differ from what is deployed', (name) => {
  const masked = (templates: Record<string, Template>) =>
    allResources(templates).map(([id, { DeletionPolicy, UpdateReplacePolicy, ...resource }]) => [
      id,
      JSON.stringify(resource).replaceAll(/"DeletionProtectionEnabled":(true|false)/g, ''),
    ]);
  expect(masked(synthesize(configs[name], allowDataRemoval))).toEqual(masked(synthesize(configs[name])));
});
