import { inOrder } from '../../../../server/builder/work/in-order.ts';

async function* each(...items: number[]): AsyncGenerator<number> {
  yield* items;
}

test('gives results in the order of the items, with no more than so many begun', async () => {
  let running = 0;
  let most = 0;
  const begin = async (item: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    for (let turns = (item * 7) % 5; turns > 0; turns -= 1) await Promise.resolve();
    running -= 1;
    return item * 10;
  };
  const seen: number[] = [];
  for await (const [item, result] of inOrder(each(1, 2, 3, 4, 5, 6, 7), 3, begin)) {
    expect(result).toBe(item * 10);
    seen.push(item);
  }
  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(3);
});

test('what was begun before a fault of the items is given out before it', async () => {
  const items = async function* () {
    yield 1;
    yield 2;
    throw new Error('cut');
  };
  const seen: number[] = [];
  const run = async () => {
    for await (const [item] of inOrder(items(), 5, async (item) => item)) seen.push(item);
  };
  await expect(run()).rejects.toThrow('cut');
  expect(seen).toEqual([1, 2]);
});

test('the fault of a task is thrown', async () => {
  const run = async () => {
    for await (const _ of inOrder(each(1, 2, 3), 2, async (item) => Promise.reject(new Error(`task ${item}`))));
  };
  await expect(run()).rejects.toThrow('task 1');
});
