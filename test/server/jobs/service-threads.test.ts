import type { ServiceAccess, ServiceRow } from '../../../server/dataflow/index.ts';
import { SpectrumError } from '../../../server/foundation/errors.ts';
import {
  createCallAnswerer,
  type ServiceReply,
  type ServiceThread,
  ServiceThreads,
} from '../../../server/jobs/service-threads.ts';

/** Answers with the text reversed and its length; refuses what it does not know. */
const services: ServiceAccess = {
  open(service) {
    if (service !== 'Reverse') throw new SpectrumError('UNKNOWN_SERVICE', `${service} is not known`, { service });
    return {
      async call(rows) {
        if (rows.some(({ Text }) => Text === 'boom')) throw new SpectrumError('INVALID_OPTION', 'boom', { a: 1 });
        return rows.map(({ Text = '' }): ServiceRow[] => [
          { Text: [...Text].reverse().join(''), Length: String(Text.length), Note: undefined },
        ]);
      },
    };
  },
};

interface TestThread extends ServiceThread {
  calls: number;
  isStopped: boolean;
  end(why: string): void;
}

function startThread(isDeaf = false): TestThread {
  const answer = createCallAnswerer(services);
  let receive: (reply: ServiceReply) => void = () => undefined;
  let tell: (why: string) => void = () => undefined;
  const thread: TestThread = {
    calls: 0,
    isStopped: false,
    send(call) {
      thread.calls++;
      if (!isDeaf) void answer(structuredClone(call)).then((reply) => receive(structuredClone(reply)));
    },
    onReply(given) {
      receive = given;
    },
    onEnd(given) {
      tell = given;
    },
    end: (why) => tell(why),
    async stop() {
      thread.isStopped = true;
    },
  };
  return thread;
}

function createThreads(isDeaf = false) {
  const started: TestThread[] = [];
  const threads = new ServiceThreads(services, () => {
    const thread = startThread(isDeaf);
    started.push(thread);
    return thread;
  });
  return { threads, started };
}

test('calls are shared by as many threads as there are instances, and answered as at home', async () => {
  const { threads, started } = createThreads();
  const caller = threads.open('Reverse', {}, { fields: ['Text', 'Length', 'Note'], instances: 2 });
  const rows = [['añ\ud800b'], ['', 'x"\n']].map((texts) => texts.map((Text) => ({ Text })));
  const answers = await Promise.all(rows.map((some) => caller.call(some)));
  expect(started.map(({ calls }) => calls)).toEqual([1, 1]);
  expect(answers).toEqual(await Promise.all(rows.map((some) => services.open('Reverse', {}).call(some))));
  await threads.close();
  expect(started.every(({ isStopped }) => isStopped)).toBe(true);
});

test('of an answer only the fields that are read come back', async () => {
  const { threads } = createThreads();
  const caller = threads.open('Reverse', {}, { fields: ['Length'], instances: 2 });
  expect(await caller.call([{ Text: 'abc' }])).toEqual([[{ Length: '3' }]]);
});

test('one instance needs no thread, and what cannot be called is refused before one starts', async () => {
  const { threads, started } = createThreads();
  expect(await threads.open('Reverse', {}, { fields: [], instances: 1 }).call([{ Text: 'ab' }])).toMatchObject([
    [{ Text: 'ba' }],
  ]);
  expect(() => threads.open('Revers', {}, { fields: [], instances: 4 })).toThrow('Revers is not known');
  expect(started).toEqual([]);
});

test('an error of a service keeps its code and its facts; others fail their own call alone', async () => {
  const { threads } = createThreads();
  const caller = threads.open('Reverse', {}, { fields: ['Text'], instances: 2 });
  const failing = caller.call([{ Text: 'boom' }]);
  await expect(failing).rejects.toMatchObject({ code: 'INVALID_OPTION', message: 'boom', facts: { a: 1 } });
  await expect(failing).rejects.toBeInstanceOf(SpectrumError);
  expect(await caller.call([{ Text: 'ab' }])).toEqual([[{ Text: 'ba' }]]);
});

test('a thread that ends fails the calls that wait for it, and those to come', async () => {
  const { threads, started } = createThreads(true);
  const caller = threads.open('Reverse', {}, { fields: ['Text'], instances: 2 });
  const waiting = [caller.call([{ Text: 'a' }]), caller.call([{ Text: 'b' }])];
  for (const thread of started) thread.end('a thread has ended');
  for (const call of waiting) await expect(call).rejects.toThrow('a thread has ended');
  await expect(caller.call([{ Text: 'c' }])).rejects.toThrow('a thread has ended');
});
