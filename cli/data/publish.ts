import { setTimeout as pause } from 'node:timers/promises';
import { CommandError } from '../command-error.ts';
import type { Progress } from '../output/progress.ts';
import type { ManagementApi, StoredResource } from './management.ts';

interface PublishOptions {
  readonly resource: string;
  readonly module: string;
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
export async function publish(api: ManagementApi, options: PublishOptions, progress: Progress): Promise<string> {
  const { resource, module, database, vintage } = options;
  const before = await api.findResource(resource);
  if (before?.database === database && before.vintage === vintage) return `${resource} answers from ${vintage} already`;
  const value = { module: before?.module ?? module, database, vintage };
  const aside = `${resource}.next`;
  try {
    if (before) {
      await api.putResource(aside, value, (await api.findResource(aside))?.tag);
      progress.show(`${vintage} is verified and opened on every node`);
      await untilOpen(api, aside, options);
    }
    const revision = await api.putResource(resource, value, before?.tag);
    progress.show(`${resource} changes to ${vintage} on every node`);
    await untilOpen(api, resource, options);
    return describe(resource, vintage, before, revision);
  } finally {
    // What went wrong is the sentence to show; a resource left aside is taken up by the next attempt.
    if (before) await api.deleteResource(aside).catch(() => undefined);
  }
}

function describe(resource: string, vintage: string, before: StoredResource | undefined, revision: string): string {
  const history = before ? `; before it was ${before.vintage}` : '';
  return `${resource} answers from ${vintage} as of revision ${revision}${history}`;
}

/** Resolves when no node that answers is without the vintage; throws with the reason that a node gives. */
async function untilOpen(api: ManagementApi, resource: string, options: PublishOptions): Promise<void> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (let inARow = 0; inARow < answersInARow; ) {
    const { name, databases } = await api.readNode();
    const seen = databases.find((one) => one.name === resource);
    if (seen?.problem !== undefined && seen.pendingVintage === options.vintage) {
      throw new CommandError('dataRefused', `${name} cannot open ${options.vintage}: ${seen.problem}`);
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
