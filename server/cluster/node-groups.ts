import type { Configuration, NodeGroup } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';

const author = 'system';
const attempts = 5;

/**
 * Makes the configuration route `services` to the node group `name`, as the group's nodes were started to run them.
 * Nodes that start at once write the same; an administrator's own choice lasts until nodes of the group start again.
 */
export async function declareNodeGroup(
  configuration: Configuration,
  name: string,
  services: readonly string[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const current = configuration.snapshot().find<NodeGroup>('node-group', name);
    const isDeclared = current?.value.services.join() === services.join();
    if (isDeclared) return;
    try {
      await configuration.write({
        kind: 'node-group',
        name,
        operation: 'put',
        value: { ...current?.value, services },
        expected: current?.revision ?? 'absent',
        by: author,
        reason: 'a node of the group started',
      });
      return;
    } catch (error) {
      const wasSlower = error instanceof SpectrumError && error.code === 'REVISION_CONFLICT';
      if (!wasSlower || attempt === attempts) throw error;
    }
  }
}
