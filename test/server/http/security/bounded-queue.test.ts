import { BoundedQueue, QueueFullError } from '../../../../server/http/security/bounded-queue.ts';

function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('runs no more tasks at once than allowed, and every one in turn', async () => {
  const queue = new BoundedQueue({ concurrency: 2, waiting: 10, perKey: 10 });
  const gates = Array.from({ length: 6 }, gate);
  let running = 0;
  let most = 0;
  const tasks = gates.map(({ opened }, index) =>
    queue.run('key', async () => {
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
      return index;
    }),
  );
  for (const { open } of gates) open();
  await expect(Promise.all(tasks)).resolves.toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('refuses what it has no room for, and takes tasks again afterwards', async () => {
  const queue = new BoundedQueue({ concurrency: 1, waiting: 1, perKey: 10 });
  const { opened, open } = gate();
  const held = [queue.run('a', () => opened), queue.run('b', () => opened)];
  await expect(queue.run('c', async () => 1)).rejects.toThrow(QueueFullError);
  open();
  await Promise.all(held);
  await expect(queue.run('c', async () => 1)).resolves.toBe(1);
});

test('one key cannot fill the queue for the others', async () => {
  const queue = new BoundedQueue({ concurrency: 1, waiting: 10, perKey: 2 });
  const { opened, open } = gate();
  const held = [queue.run('a', () => opened), queue.run('a', () => opened)];
  await expect(queue.run('a', async () => 1)).rejects.toThrow(QueueFullError);
  const other = queue.run('b', async () => 2);
  open();
  await expect(other).resolves.toBe(2);
  await Promise.all(held);
});

test('a task that fails makes room', async () => {
  const queue = new BoundedQueue({ concurrency: 1, waiting: 0, perKey: 1 });
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(queue.run('a', async () => 1)).resolves.toBe(1);
});
