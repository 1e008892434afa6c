import { estimateOffset } from '../../lambda/time-sync/estimate.ts';
import { exchangeTimes, startClock } from '../../lambda/time-sync/exchange.ts';
import { startFakeNode } from '../../test/lambda/support/fake-node.ts';

const estimates = 120;
const exchanges = 9;

/** Error of the clock estimate against known offsets, over real connections with an uneven, jittering way back. */
export async function measureClocks(): Promise<{ readonly errorsMs: number[]; readonly outsideBound: number }> {
  const errorsMs: number[] = [];
  let outsideBound = 0;
  for (let index = 0; index < estimates; index++) {
    const clockOffsetMs = (index - estimates / 2) * 17.31;
    const answerDelayMs = index % 3 === 0 ? () => Math.random() * 4 : () => 0;
    const stampsWholeMs = index % 2 === 0;
    const node = await startFakeNode({
      address: '127.0.0.1',
      port: 0,
      behaviour: 'ready',
      clockOffsetMs,
      answerDelayMs,
      stampsWholeMs,
    });
    try {
      const times = await exchangeTimes('127.0.0.1', node.port, exchanges, wallClock());
      const { offsetMs, boundMs } = estimateOffset(times.exchanges);
      const errorMs = Math.abs(offsetMs - clockOffsetMs);
      errorsMs.push(errorMs);
      if (errorMs > boundMs) outsideBound += 1;
    } finally {
      await node.close();
    }
  }
  return { errorsMs, outsideBound };
}

/** The Lambda's clock, less by how much its start by the wall clock differs from the fake node's finer one. */
function wallClock(): () => number {
  const nowMs = startClock();
  const apartMs = performance.timeOrigin + performance.now() - nowMs();
  return () => nowMs() + apartMs;
}
