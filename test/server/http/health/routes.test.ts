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
  let nowMs = 1_000;
  await withGateway({ clock: { nowMs: () => nowMs++, monotonicMs: () => 0 } }, async (origin) => {
    expect(await (await fetch(`${origin}/time?t0=12.5`)).json()).toEqual({
      node: 'node-1',
      t0: 12.5,
      t1: 1_000,
      t2: 1_001,
    });
    expect(await (await fetch(`${origin}/time?t0=soon`)).json()).toEqual({ node: 'node-1', t1: 1_002, t2: 1_003 });
  });
});

test('a draining node answers and asks for the connection to end', async () => {
  await withGateway({ isDraining: () => true }, async (origin) => {
    const response = await fetch(`${origin}/health/live`);
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
  });
});
