import { createMembership } from '../../../server/cluster/membership.ts';
import { TableError } from '../../../server/configuration/index.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

let timing: VirtualTiming;
let table: MemoryTable;
beforeEach(() => {
  timing = new VirtualTiming();
  table = new MemoryTable();
});

const node = (name: string, format = 1) => ({
  name,
  address: '10.0.0.1:8080',
  version: '0.1.0',
  group: '',
  revision: '1.7',
  format,
  load: 0.5,
});

function open(nodeName: string, onTrouble: (error: unknown) => void = fail, on = table) {
  return createMembership({ table: on, clusterName: 'test', nodeName, timing, onTrouble });
}

test('every node counts every other, and the oldest of them says which format may be written', async () => {
  const [a, b] = [open('a'), open('b')];
  expect([a.followers(), await a.lowestFormat(3)]).toEqual([1, 3]);
  a.join(() => node('a', 3));
  b.join(() => node('b', 2));
  await timing.pass(20_000);
  expect(a.nodes()).toEqual([node('a', 3), node('b', 2)]);
  expect([a.followers(), b.followers(), await a.lowestFormat(3)]).toEqual([2, 2, 2]);
  await b.leave();
  await timing.pass(10_000);
  expect([a.followers(), await a.lowestFormat(3)]).toEqual([1, 3]);
  await a.leave();
});

test('a clock proven wrong shows in the registration, until the proof has expired', async () => {
  const a = open('a');
  a.join(() => node('a'));
  expect(a.isClockWrong()).toBe(false);
  const expiresAt = Math.ceil(timing.nowMs() / 1_000) + 60;
  const verdict = { verdict: 'beyond', offsetMs: 812.5, boundMs: 0.25, checkedAtMs: timing.nowMs(), expiresAt };
  await table.put({ partition: 'clock#test', sort: 'a' }, verdict, 'none');
  await timing.pass(15_000);
  expect(a.isClockWrong()).toBe(true);
  expect(await a.list()).toEqual([{ ...node('a'), clockOffsetMs: 812.5, clockBoundMs: 0.25 }]);
  await timing.pass(60_000);
  expect(a.isClockWrong()).toBe(false);
  await a.leave();
});

test('a table that is away costs the news, and nothing else', async () => {
  const away = new TableError('unreachable', 'away');
  let isAway = false;
  const flaky = new MemoryTable();
  const guard = async () => {
    if (isAway) throw away;
  };
  const { get, put, query } = flaky;
  flaky.get = async (...words) => guard().then(() => get.apply(flaky, words));
  flaky.put = async (...words) => guard().then(() => put.apply(flaky, words));
  flaky.query = async (...words) => guard().then(() => query.apply(flaky, words));
  const troubles: unknown[] = [];
  const a = open('a', (error) => troubles.push(error), flaky);
  a.join(() => node('a'));
  await timing.pass(10_000);
  isAway = true;
  await timing.pass(60_000);
  expect(troubles).toContain(away);
  expect(a.nodes()).toEqual([node('a')]);
  await expect(a.list()).rejects.toBe(away);
  isAway = false;
  await timing.pass(10_000);
  expect(await a.list()).toEqual([node('a')]);
  await a.leave();
});

function fail(error: unknown): never {
  throw error;
}
