import type { ServiceAccess } from '../../../server/dataflow/index.ts';
import { SpectrumError } from '../../../server/foundation/errors.ts';
import { JobWork, type WorkPlace } from '../../../server/jobs/job-worker.ts';
import { RemoteServices } from '../../../server/jobs/remote-services.ts';
import { CallingThread, type ServiceReply } from '../../../server/jobs/service-threads.ts';
import type { WorkerMessage } from '../../../server/jobs/worker-protocol.ts';

const local: ServiceAccess = {
  open(service) {
    if (service === 'Unknown') throw new SpectrumError('UNKNOWN_SERVICE', 'Unknown is not a service', { service });
    return { call: (rows) => rows.map(() => [{ Where: 'here' }]) };
  },
};

type Call = (batch: { service: string; options: object; rows: string }) => Promise<string>;

/** A worker and its node, with a channel between them. */
function connect(call: Call) {
  let toNode: (message: WorkerMessage) => void = () => undefined;
  let toWorker: (reply: ServiceReply) => void = () => undefined;
  const place: WorkPlace = {
    send: (command) => command.kind === 'service' && toWorker(structuredClone(command.reply)),
    onMessage(receive) {
      toNode = receive;
    },
    onEnd: () => undefined,
    stop: async () => undefined,
  };
  const keeper = { keepCheckpoint: async () => undefined, beginFinishing: async () => undefined };
  new JobWork(place, keeper, { call });
  const node = new CallingThread({
    send: (sent) => toNode(structuredClone({ kind: 'service', call: sent })),
    onReply(receive) {
      toWorker = receive;
    },
    onEnd: () => undefined,
    stop: async () => undefined,
  });
  return new RemoteServices({
    local,
    elsewhere: new Set(['Geocode', 'Unknown']),
    savedOptions: () => ({ Unit: 'km', Casing: 'M' }),
    call: (request) => node.call(request),
  });
}

const use = { fields: ['Where'], instances: 4 };

test('a service of this node is called here, one of another group by the node', async () => {
  const calls: object[] = [];
  const services = connect(async (batch) => {
    calls.push(batch);
    return '[[{"Where":"there"}],[]]';
  });
  expect(await services.open('Validate', {}, use).call([{ City: 'Troy' }])).toEqual([[{ Where: 'here' }]]);
  expect(await services.open('Geocode', { Unit: 'mi' }, use).call([{ City: 'Troy' }, {}])).toEqual([
    [{ Where: 'there' }],
    [],
  ]);
  expect(calls).toEqual([
    { service: 'Geocode', options: { Unit: 'mi', Casing: 'M' }, fields: ['Where'], rows: '[{"City":"Troy"},{}]' },
  ]);
});

test('a batch too large for one call goes in several, its answers in order', async () => {
  const sizes: number[] = [];
  const services = connect(async ({ rows }) => {
    const records = JSON.parse(rows) as { Id: string }[];
    sizes.push(rows.length);
    return JSON.stringify(records.map(({ Id }) => [{ Id }]));
  });
  const rows = Array.from({ length: 50 }, (_, index) => ({ Id: String(index), Text: 'x'.repeat(50_000) }));
  expect(await services.open('Geocode', {}, use).call(rows)).toEqual(rows.map(({ Id }) => [{ Id }]));
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000_000);
});

test('a refusal keeps its code and its facts', async () => {
  const services = connect(async () => {
    throw new SpectrumError('NO_NODE_READY', 'none of the group answers', { group: 'geocoding' });
  });
  await expect(services.open('Geocode', {}, use).call([{}])).rejects.toMatchObject({
    code: 'NO_NODE_READY',
    message: 'none of the group answers',
    facts: { group: 'geocoding' },
  });
});

test('what this node would refuse is refused before anything is sent', () => {
  expect(() => connect(async () => '').open('Unknown', {}, use)).toThrow('Unknown is not a service');
});
