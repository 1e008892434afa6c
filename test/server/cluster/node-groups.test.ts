import { declareNodeGroup } from '../../../server/cluster/node-groups.ts';
import type { NodeGroup } from '../../../server/configuration/index.ts';
import { InMemoryConfiguration } from '../../support/in-memory-configuration.ts';

test('the services of a group are written once, and anew when the group was started with others', async () => {
  const configuration = new InMemoryConfiguration();
  await Promise.all([1, 2, 3].map(() => declareNodeGroup(configuration, 'geocoding', ['A', 'B'])));
  const { revision } = configuration.snapshot();
  await declareNodeGroup(configuration, 'geocoding', ['A', 'B']);
  expect(configuration.snapshot().revision).toBe(revision);
  await declareNodeGroup(configuration, 'geocoding', ['A']);
  expect(configuration.snapshot().find<NodeGroup>('node-group', 'geocoding')?.value.services).toEqual(['A']);
});
