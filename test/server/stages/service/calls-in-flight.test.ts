import { CallsInFlight } from '../../../../server/stages/service/calls-in-flight.ts';

/** Calls that are answered when the test says so. */
function createCalls(limit: number, give: (answer: number) => void | Promise<void> = () => undefined) {
  const given: number[] = [];
  const waiting = new Map<number, { resolve(answer: number): void; reject(error: Error): void }>();
  const calls = new CallsInFlight<number>(limit, (answer) => {
    given.push(answer);
    return give(answer);
  });
  const add = (number: number) =>
    calls.add(() => new Promise<number>((resolve, reject) => waiting.set(number, { resolve, reject })));
  return { calls, add, waiting, given };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('answers are given on in the order of the calls, as soon as those before them are there', async () => {
  const { calls, add, waiting, given } = createCalls(3);
  await Promise.all([add(1), add(2), add(3)]);
  waiting.get(2)?.resolve(2);
  await settle();
  expect(given).toEqual([]);
  waiting.get(1)?.resolve(1);
  await settle();
  expect(given).toEqual([1, 2]);
  waiting.get(3)?.resolve(3);
  await calls.drain();
  expect(given).toEqual([1, 2, 3]);
});

test('no more calls are under way than allowed; one begins when an answer has been taken', async () => {
  let take = () => {};
  const taken = new Promise<void>((resolve) => {
    take = resolve;
  });
  const { add, waiting } = createCalls(2, () => taken);
  await add(1);
  await add(2);
  const third = add(3);
  waiting.get(1)?.resolve(1);
  await settle();
  expect(waiting.has(3)).toBe(false);
  take();
  await third;
  expect(waiting.has(3)).toBe(true);
});

type Waiting = { resolve(answer: number): void; reject(error: Error): void };
const failures: readonly (readonly [string, (one: Waiting) => void, () => void])[] = [
  ['of a call', (one) => one.reject(new Error('the disk is full')), () => undefined],
  [
    'of whoever takes an answer',
    (one) => one.resolve(1),
    () => {
      throw new Error('the disk is full');
    },
  ],
];

test.each(failures)(
  'the failure %s is told by the next call and at the end, and nothing more is given on',
  async (_, end, give) => {
    const { calls, add, waiting, given } = createCalls(2, give);
    await add(1);
    await add(2);
    waiting.get(2)?.resolve(2);
    const one = waiting.get(1);
    if (one) end(one);
    await expect(calls.drain()).rejects.toThrow('the disk is full');
    await expect(add(3)).rejects.toThrow('the disk is full');
    expect(given).not.toContain(2);
    expect(waiting.has(3)).toBe(false);
  },
);
