import type { ReadinessReport } from '../../../../server/http/index.ts';
import { openTestGateway } from '../../../support/test-gateway.ts';

async function withGateway<T>(
  options: Parameters<typeof openTestGateway>[0],
  use: (origin: string) => Promise<T>,
): Promise<T> {
  const gateway = await openTestGateway(options);
  try {
    return await use(gateway.origin);
  } finally {
    await gateway.close();
  }
}

test('a live process says so, without credentials', async () => {
  await withGateway({}, async (origin) => {
    const response = await fetch(`${origin}/health/live`);
    expect([response.status, await response.json()]).toEqual([200, { live: true, node: 'node-1' }]);
  });
});

test('readiness follows what the node reports, with the reasons', async () => {
  let report: ReadinessReport = {
    ready: false,
    reasons: ['waiting for: databases open'],
    facts: { configurationAgeMs: 7 },
  };
  await withGateway({ readiness: () => report }, async (origin) => {
    const before = await fetch(`${origin}/health/ready`);
    expect([before.status, await before.json()]).toEqual([
      503,
      { ready: false, reasons: ['waiting for: databases open'], node: 'node-1', configurationAgeMs: 7 },
    ]);
    report = { ready: true, reasons: [], facts: {} };
    expect((await fetch(`${origin}/health/ready`)).status).toBe(200);
  });
});

test("the time exchange returns the caller's stamp and two of its own", async () => {
  let monotonicMs = 500.25;
  const clock = { nowMs: () => Math.floor(monotonicMs + 1_000), monotonicMs: () => (monotonicMs += 0.125) };
  const platformClock = () => ({ status: 'SYNCHRONIZED', errorBoundMs: 0.5 }) as const;
  await withGateway({ clock, platformClock }, async (origin) => {
    const answer = (await (await fetch(`${origin}/time?t0=12.5`)).json()) as Record<string, number>;
    expect(answer).toEqual({
      node: 'node-1',
      t0: 12.5,
      t1: expect.any(Number),
      t2: expect.any(Number),
      uncertaintyMs: expect.any(Number),
      clock: { status: 'SYNCHRONIZED', errorBoundMs: 0.5 },
    });
    expect(Number(answer.t2) - Number(answer.t1)).toBeGreaterThan(0);
    // A look takes an eighth of a millisecond here, and three stamps are around the tick.
    expect(answer.uncertaintyMs).toBe(0.126);
    expect(Number(answer.t1) % 1).not.toBe(0);
    expect(await (await fetch(`${origin}/time?t0=soon`)).json()).not.toHaveProperty('t0');
  });
});

test('a draining node answers and asks for the connection to end', async () => {
  await withGateway({ isDraining: () => true }, async (origin) => {
    const response = await fetch(`${origin}/health/live`);
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
  });
});
