import { setTimeout as pause } from 'node:timers/promises';
import { type ManagementClient, ManagementError } from '../../client/index.ts';
import type { ObjectValue } from '../../contract/kinds.ts';
import { CommandError } from '../command-error.ts';
import type { Progress } from '../output/progress.ts';

export type DatabaseModule = ObjectValue<'database-resource'>['module'];

interface PublishOptions {
  readonly resource: string;
  readonly module: DatabaseModule;
  readonly database: string;
  readonly vintage: string;
  readonly timeoutMs: number;
}

/** One answer tells of one process of one node, so that many in a row are asked for before all count as ready. */
const answersInARow = 24;
const pauseMs = 100;

/**
 * Publishes a vintage in two changes: a resource beside it makes every node verify and open the vintage, then the one
 * change that names it, from which on no node begins a request on the old one. Returns the sentence for the user.
 */
export async function publish(client: ManagementClient, options: PublishOptions, progress: Progress): Promise<string> {
  try {
    return await publishThrough(client, options, progress);
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    throw new CommandError('dataRefused', error.message, { cause: error });
  }
}

async function publishThrough(client: ManagementClient, options: PublishOptions, progress: Progress): Promise<string> {
  const { resource, module, database, vintage } = options;
  const resources = client.objects('database-resource');
  const before = await resources.find(resource);
  if (before?.value.database === database && before.value.vintage === vintage)
    return `${resource} answers from ${vintage} already`;
  const { poolSize } = before?.value ?? {};
  const kept = { module: before?.value.module ?? module, ...(poolSize !== undefined && { poolSize }) };
  const value = { ...kept, database, vintage };
  const aside = `${resource}.next`;
  try {
    if (before) {
      await save(resources, aside, value, await resources.find(aside));
      progress.show(`${vintage} is verified and opened on every node`);
      await untilOpen(client, aside, options);
    }
    const { etag } = await save(resources, resource, value, before);
    progress.show(`${resource} changes to ${vintage} on every node`);
    await untilOpen(client, resource, options);
    const history = before ? `; before it was ${before.value.vintage}` : '';
    return `${resource} answers from ${vintage} as of revision ${etag.replaceAll('"', '')}${history}`;
  } catch (error) {
    // Nothing answered before, so that nothing stays behind.
    if (!before && error instanceof VintageRefused) await resources.delete(resource, 'any').catch(() => undefined);
    throw error;
  } finally {
    // What went wrong is the sentence to show; a resource left aside is taken up by the next attempt.
    if (before) await resources.delete(aside, 'any').catch(() => undefined);
  }
}

/** A node read the vintage and will not open it, however long one waits. */
class VintageRefused extends CommandError {}

type Resources = ReturnType<typeof ManagementClient.prototype.objects<'database-resource'>>;
type Found = Awaited<ReturnType<Resources['find']>>;

function save(resources: Resources, name: string, value: Parameters<Resources['create']>[1], found: Found) {
  return found ? resources.put(name, value, found) : resources.create(name, value);
}

/** Resolves when no node that answers is without the vintage; throws with the reason that a node gives. */
async function untilOpen(client: ManagementClient, resource: string, options: PublishOptions): Promise<void> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (let inARow = 0; inARow < answersInARow; ) {
    const { name, databases } = await client.node();
    const seen = databases.find((one) => one.name === resource);
    if (seen?.problem !== undefined && seen.pendingVintage === options.vintage) {
      throw new VintageRefused('dataRefused', `${name} cannot open ${options.vintage}: ${seen.problem}`);
    }
    const isOpen = seen?.vintage === options.vintage && seen.database === options.database;
    inARow = isOpen ? inARow + 1 : 0;
    if (isOpen) continue;
    if (performance.now() > deadlineMs) {
      const sentence = `${name} has not opened ${options.vintage} within ${Math.round(options.timeoutMs / 1_000)} s`;
      throw new CommandError('dataRefused', `${sentence}; it goes on trying, see its log`);
    }
    await pause(pauseMs);
  }
}
