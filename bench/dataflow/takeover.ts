import { join } from 'node:path';
import type { Report } from '../report.ts';
import { ownerOf, TakeoverCluster } from './takeover-cluster.ts';

const rows = Number(process.env.TAKEOVER_ROWS ?? 300_000);
const kills = 20;
/** Each node works on one run. */
const runsAtATime = 2;

/**
 * Kills the owner of a run, a run at a time, at a random moment of the time that an undisturbed run takes, and counts the
 * runs whose files are not those of the undisturbed one.
 */
export async function measureTakeover(folder: string, report: Report): Promise<void> {
  const cluster = await TakeoverCluster.start(join(folder, 'takeover'));
  try {
    cluster.writeCustomers(rows);
    report.note(`${kills} kills, one in each run of ${rows} rows, ${runsAtATime} runs at a time`);
    const startedMs = performance.now();
    const undisturbed = await cluster.end(await cluster.submit('-undisturbed'));
    const tookMs = performance.now() - startedMs;
    if (undisturbed.state !== 'succeeded') throw new Error(`the undisturbed run ${undisturbed.state}`);
    const expected = cluster.outputs('-undisturbed');
    let [begun, unequal, takenOver] = [0, 0, 0];
    const work = async () => {
      while (begun < kills) {
        const mark = `-${++begun}`;
        const { outcome, isTakenOver } = await killOnce(cluster, mark, tookMs);
        const isEqual =
          outcome === 'succeeded' && cluster.outputs(mark).every((text, index) => text === expected[index]);
        if (!isEqual) unequal++;
        if (isTakenOver) takenOver++;
        report.note(`kill ${mark.slice(1)}: ${outcome}, ${isEqual ? 'equal' : 'UNEQUAL'}`);
      }
    };
    await Promise.all(Array.from({ length: runsAtATime }, work));
    report.note(`${takenOver} of ${kills} runs had more than one owner`);
    report.add({ suite: 'dataflow', measure: 'takeover-outputs-unequal-of-20', value: unequal });
  } finally {
    await cluster.stop();
  }
}

async function killOnce(cluster: TakeoverCluster, mark: string, undisturbedMs: number) {
  const id = await cluster.submit(mark);
  await cluster.until(id, ({ state }) => state !== 'queued');
  await new Promise((resolve) => setTimeout(resolve, Math.random() * undisturbedMs));
  const running = await cluster.until(id, () => true);
  if (running.endedAt === undefined) process.kill(ownerOf(running), 'SIGKILL');
  const ended = await cluster.end(id);
  return { outcome: ended.error ?? ended.state, isTakenOver: ended.epoch > 1 };
}
