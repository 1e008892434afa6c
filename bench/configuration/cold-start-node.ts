import { openConfiguration } from '../../server/configuration/open.ts';

/** Opens a copy in a process that does nothing else, and prints what it took. */
async function main(): Promise<void> {
  const [tableName = '', endpoint = ''] = process.argv.slice(2);
  const before = process.memoryUsage();
  const startMs = performance.now();
  const configuration = await openConfiguration({ table: { tableName, endpoint }, clusterName: 'bench' });
  const openMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage();
  const objects = configuration.snapshot().list('connection').length;
  globalThis.gc?.();
  const copyMiB = (process.memoryUsage().heapUsed - before.heapUsed) / 2 ** 20;
  const { revision } = configuration.snapshot();
  // Milliseconds since the process began, its program loaded and compiled included.
  const times = { openMs, processMs: startMs + openMs, cpuMs: (user + system) / 1_000 };
  process.stdout.write(JSON.stringify({ ...times, objects, revision, copyMiB }), () => process.exit(0));
}

void main();
