import { RevisionGate } from '../../../../server/http/security/revision-gate.ts';
import { InMemoryConfiguration } from '../../../support/in-memory-configuration.ts';

/** A copy at 3.7 that remembers what it was asked to wait for. */
function openGate() {
  const configuration = new InMemoryConfiguration();
  const asked: unknown[][] = [];
  const snapshot = { ...configuration.snapshot(), epoch: 3, revision: 7 };
  Object.assign(configuration, {
    snapshot: () => snapshot,
    waitFor: async (...words: unknown[]) => void asked.push(words),
  });
  return { gate: new RevisionGate(configuration), asked };
}

test.each(['7', '3.7', '"3.6"', '2.99', '1.7'])('%s has been seen by this node too', async (seen) => {
  const { gate, asked } = openGate();
  await gate.reach(seen);
  expect(asked).toEqual([]);
});

test.each([
  ['8', undefined],
  ['3.8', 3],
  ['4.1', 4],
  ['4.99', 4],
])('%s is waited for, with its epoch', async (seen, epoch) => {
  const { gate, asked } = openGate();
  await gate.reach(seen);
  expect(asked).toEqual([[Number(seen.split('.').at(-1)), 2_000, epoch]]);
});

test.each(['', 'x', '1.2.3', '-1', '1e3'])('%p is no revision', async (seen) => {
  await expect(openGate().gate.reach(seen)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
});
