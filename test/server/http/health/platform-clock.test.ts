import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PlatformClock } from '../../../../server/http/health/platform-clock.ts';

/** Task metadata as ECS answers it, as far as the clock is concerned. */
const metadata = (drift: object) => ({ Cluster: 'arn:aws:ecs:…', TaskARN: 'arn:aws:ecs:…', ClockDrift: drift });

test.each<[string, unknown, unknown]>([
  [
    'a clock in step',
    metadata({
      ReferenceTimestamp: '2026-11-22T01:02:03Z',
      ClockErrorBound: 0.5458,
      ClockSynchronizationStatus: 'SYNCHRONIZED',
    }),
    { status: 'SYNCHRONIZED', errorBoundMs: 0.5458 },
  ],
  [
    'a clock out of step',
    metadata({ ClockErrorBound: 12, ClockSynchronizationStatus: 'NOT_SYNCHRONIZED' }),
    { status: 'NOT_SYNCHRONIZED', errorBoundMs: 12 },
  ],
  ['a platform that has not measured', metadata({}), undefined],
  ['an older platform', {}, undefined],
  ['no JSON object', null, undefined],
])('%s', async (_title, answer, expected) => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(String(request.url));
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clock = new PlatformClock(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v4/abc`);
  await clock.ask();
  expect([clock.latest(), paths[0]]).toEqual([expected, '/v4/abc/task']);
  clock.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await clock.ask();
  expect(clock.latest()).toBeUndefined();
});
