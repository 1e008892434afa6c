import { resolve } from 'node:path';
import { exitCodes } from '../../contract/exit-codes.ts';
import type { FlagValues } from '../command-table.ts';
import { LocalCluster } from '../local/cluster.ts';
import { bundledScripts } from '../local/programs.ts';
import { openProgress } from '../output/progress.ts';
import { formatSummary } from '../output/summary.ts';

/** Runs a cluster until it is told to stop; resolves with the exit code. */
export async function start(flags: FlagValues<'start'>): Promise<number> {
  const progress = openProgress(process.stdout);
  const settings = {
    nodes: flags.nodes,
    host: flags.host,
    port: flags.port,
    dataPath: resolve(flags.data),
    groups: flags.group,
    configurationEndpoint: flags['configuration-endpoint'] || undefined,
    clusterName: flags.cluster,
    adminPassword: process.env.SPECTRUM_ADMIN_PASSWORD || undefined,
  };
  const cluster = new LocalCluster(settings, bundledScripts(__dirname), progress);
  const stopping = listenForStop(() => {
    cluster.kill();
    process.exit(exitCodes.forced.code);
  });
  try {
    progress.say(formatSummary(await cluster.start(stopping)));
    await untilAborted(stopping);
  } catch (error) {
    if (!stopping.aborted) {
      await cluster.stop();
      throw error;
    }
  }
  progress.say('Stopping');
  await cluster.stop();
  progress.say('Stopped');
  return exitCodes.success.code;
}

/** npm passes a Ctrl-C on although the terminal has already sent it to every process: two so close are one. */
const sameSignalMs = 700;

/** Aborts on the first signal to stop; calls `force` on a later one. */
function listenForStop(force: () => void): AbortSignal {
  const stopping = new AbortController();
  let firstMs = 0;
  const receive = () => {
    if (!stopping.signal.aborted) {
      firstMs = performance.now();
      stopping.abort();
    } else if (performance.now() - firstMs > sameSignalMs) {
      force();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, receive);
  return stopping.signal;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    signal.addEventListener('abort', () => done(), { once: true });
  });
}
