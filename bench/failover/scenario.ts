import { startLoad } from './load.ts';
import { isAlive, listProcesses, type StartedCluster, waitUntil } from './local-cluster.ts';

/** What the clients of a cluster saw while its nodes left it. */
export interface FailoverResult {
  readonly requests: number;
  readonly failuresOfKill: readonly string[];
  readonly failuresOfDrain: readonly string[];
}

/**
 * Load through the balancer for `durationMs`: after a fifth one node is killed, after three fifths the other is told to
 * stop. Both must come back while the load goes on.
 */
export async function runFailover(
  cluster: StartedCluster,
  dataPath: string,
  durationMs: number,
): Promise<FailoverResult> {
  const fifthMs = durationMs / 5;
  const kill = await runUnderLoad(cluster, fifthMs, () => replaceNode(dataPath, 'node-1', 'SIGKILL'));
  const drain = await runUnderLoad(cluster, fifthMs, () => replaceNode(dataPath, 'node-2', 'SIGTERM'));
  return {
    requests: kill.requests + drain.requests,
    failuresOfKill: kill.failures,
    failuresOfDrain: drain.failures,
  };
}

/** One part in five before, the event, and one and a half parts after it. */
async function runUnderLoad(cluster: StartedCluster, fifthMs: number, event: () => Promise<void>) {
  const load = await startLoad(cluster.url, cluster.password);
  await pause(fifthMs);
  const before = load.count();
  await event();
  await pause(1.5 * fifthMs);
  const result = await load.stop();
  if (before === 0 || result.requests - before < 100) throw new Error('there was next to no load');
  return result;
}

/** Sends the signal and waits until another process has taken the node's place. */
async function replaceNode(dataPath: string, name: string, signal: NodeJS.Signals): Promise<void> {
  const find = () => listProcesses(dataPath).find((each) => each.name === name);
  const before = find()?.pid;
  if (!before) throw new Error(`${name} does not run`);
  process.kill(before, signal);
  await waitUntil(`${name} ends after ${signal}`, () => !isAlive(before));
  await waitUntil(`${name} comes back after ${signal}`, () => {
    const { pid, port } = find() ?? {};
    return pid !== before && isAlive(pid) && Boolean(port);
  });
}

function pause(timeMs: number): Promise<void> {
  return new Promise((done) => setTimeout(done, timeMs));
}
