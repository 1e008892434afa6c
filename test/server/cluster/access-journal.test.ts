import type { AccessEvent } from '../../../contract/runtime-table.ts';
import { type AccessJournal, type AccessRecord, createAccessJournal } from '../../../server/cluster/access-journal.ts';
import { removeExpired } from '../../../server/cluster/housekeeping.ts';
import { type Fault, withFaults } from '../../support/table-faults.ts';
import { MemoryTable } from '../../support/table-memory.ts';
import { VirtualTiming } from '../../support/virtual-timing.ts';

const dayMs = 86_400_000;
let timing: VirtualTiming;
let memory: MemoryTable;
let fault: Fault;
let troubles: unknown[];
beforeEach(() => {
  timing = new VirtualTiming();
  memory = new MemoryTable();
  fault = 'none';
  troubles = [];
});

function open(processName = 'node-1'): AccessJournal {
  const { table } = withFaults(memory, (operation) => (operation === 'write' ? fault : 'none'));
  const onTrouble = (error: unknown) => troubles.push(error);
  return createAccessJournal({ table, clusterName: 'test', processName, timing, retainMs: 90 * dayMs, onTrouble });
}

const everything = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
const failure = (user: string): AccessEvent => ({ what: 'log-in-failed', user, host: '10.0.0.7' });

async function read(journal: AccessJournal, query: Partial<Parameters<AccessJournal['read']>[0]> = {}) {
  const records: AccessRecord[] = [];
  for await (const record of journal.read({ ...everything, ...query })) records.push(record);
  return records;
}

const items = () => [...(memory.partitions.get('access#test')?.values() ?? [])];

test('an event is there to be read a second later, on every node', async () => {
  const [one, other] = [open('node-1'), open('node-2')];
  const at = new Date(timing.nowMs()).toISOString();
  one.note(failure('eve'));
  await timing.pass(1_000);
  expect(await read(other)).toEqual([expect.objectContaining({ ...failure('eve'), at, count: 1 })]);
});

test('what is alike is one record with its count and its first and last time', async () => {
  const journal = open();
  journal.note(failure('ann'));
  await timing.pass(1_000);
  const startMs = timing.nowMs();
  for (let time = 0; time < 20; time++) {
    journal.note(failure('eve'));
    await timing.pass(1_000);
  }
  await timing.pass(60_000);
  const [newest] = await read(journal);
  expect(newest).toMatchObject({
    user: 'eve',
    count: 20,
    at: new Date(startMs).toISOString(),
    until: new Date(startMs + 19_000).toISOString(),
  });
});

test('a storm of different names costs a write in half a minute, of a bounded size, and is counted', async () => {
  const journal = open();
  for (let second = 0; second < 120; second++) {
    for (let guess = 0; guess < 50; guess++) journal.note(failure(`user ${second}.${guess}`));
    await timing.pass(1_000);
  }
  await timing.pass(60_000);
  expect(items().length).toBeLessThanOrEqual(6);
  expect(Math.max(...items().map(({ body }) => String(body).length))).toBeLessThan(30_000);
  const records = await read(journal);
  expect(records.reduce((sum, { count }) => sum + count, 0)).toBe(120 * 50);
  expect(records.some(({ user, count }) => user === ':others' && count > 100)).toBe(true);
});

test('while the table is away events wait, and none is lost or told twice', async () => {
  const journal = open();
  const beganMs = timing.nowMs();
  fault = 'request-lost';
  for (let time = 0; time < 10; time++) {
    journal.note(failure('eve'));
    await timing.pass(30_000);
  }
  expect([items(), troubles.length > 0]).toEqual([[], true]);
  fault = 'none';
  await timing.pass(60_000);
  const [record, ...others] = await read(journal);
  expect([record?.count, record?.at, others]).toEqual([10, new Date(beganMs).toISOString(), []]);
});

test('what is left is written when the process leaves', async () => {
  const journal = open();
  journal.note(failure('eve'));
  await timing.until(journal.close());
  expect(await read(journal)).toHaveLength(1);
});

test('records come newest first, from a place on and within a time', async () => {
  const [one, other] = [open('node-1'), open('node-2')];
  const times: number[] = [];
  for (let hour = 0; hour < 40; hour++) {
    times.push(timing.nowMs());
    (hour % 2 ? one : other).note(failure(`user ${hour}`));
    await timing.pass(3_600_000);
  }
  const all = await read(one);
  expect(all.map(({ user }) => user)).toEqual(times.map((_, hour) => `user ${39 - hour}`));
  const [, , third, ...rest] = all;
  expect(await read(one, { before: third?.place })).toEqual(rest);
  const within = await read(one, { fromMs: Number(times[10]), toMs: Number(times[13]) });
  expect(within.map(({ user }) => user)).toEqual(['user 12', 'user 11', 'user 10']);
});

test('records end after their time, and leave the table where nothing else collects them', async () => {
  const journal = open();
  journal.note(failure('old'));
  await timing.pass(60 * dayMs);
  journal.note(failure('new'));
  await timing.pass(31 * dayMs);
  expect((await read(journal)).map(({ user }) => user)).toEqual(['new']);
  expect(await removeExpired(memory, 'test', timing.nowMs())).toBe(1);
  expect(items()).toHaveLength(1);
});
