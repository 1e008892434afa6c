import { TableError } from '../../../../server/configuration/index.ts';
import { timeLimits } from '../../../../server/http/limits.ts';
import { SessionActivity } from '../../../../server/http/security/session-activity.ts';
import { MemoryTable } from '../../../support/table-memory.ts';
import { VirtualTiming } from '../../../support/virtual-timing.ts';

const { sessionIdleMs, sessionNoteMs } = timeLimits;
let timing: VirtualTiming;
let table: MemoryTable;
let issuedAtMs: number;
beforeEach(() => {
  timing = new VirtualTiming();
  table = new MemoryTable();
  issuedAtMs = timing.nowMs();
});

const open = (processName: string) => new SessionActivity({ table, clusterName: 'test', processName, timing });
const items = () => [...(table.partitions.get('session#test') ?? [])];

test('a session lives for half an hour after its last use, to the millisecond, on every node', async () => {
  const [a, b] = [open('a'), open('b')];
  await timing.pass(12 * 60_000);
  expect(a.use('one', issuedAtMs)).toBe(true);
  await timing.pass(sessionIdleMs - 1);
  expect(await b.use('one', issuedAtMs)).toBe(true);
  await timing.pass(sessionIdleMs);
  expect(await a.use('one', issuedAtMs)).toBe(false);
  expect(await b.use('one', issuedAtMs)).toBe(false);
});

test('a use is never waited for while this process knows of a recent one', async () => {
  const a = open('a');
  for (let minute = 0; minute < 300; minute += 10) {
    expect(a.use('one', issuedAtMs)).toBe(true);
    await timing.pass(10 * 60_000);
  }
});

test('a session in steady use is written down about once a minute', async () => {
  const a = open('a');
  let puts = 0;
  const put = table.put.bind(table);
  table.put = (...words) => {
    puts++;
    return put(...words);
  };
  for (let second = 0; second < 600; second++) {
    a.use('one', issuedAtMs);
    await timing.pass(1_000);
  }
  expect(puts).toBeGreaterThanOrEqual(600_000 / sessionNoteMs - 1);
  expect(puts).toBeLessThanOrEqual(600_000 / sessionNoteMs + 2);
});

test('a node that is killed in the middle costs a session at most a minute', async () => {
  const [killed, other] = [open('killed'), open('other')];
  let killedAtMs = 0;
  for (let second = 0; second < 155; second++) {
    killed.use('one', issuedAtMs);
    killedAtMs = timing.nowMs();
    await timing.pass(1_000);
  }
  const [[, { usedAtMs } = {}] = []] = items();
  expect(killedAtMs - Number(usedAtMs)).toBeLessThanOrEqual(sessionNoteMs + 5_000);
  await timing.pass(Number(usedAtMs) + sessionIdleMs - 1 - timing.nowMs());
  expect(await other.use('one', issuedAtMs)).toBe(true);
});

test('what has ended is not kept, here or in the table', async () => {
  const a = open('a');
  a.use('one', issuedAtMs);
  await timing.pass(10_000);
  expect(items()).toHaveLength(1);
  await timing.pass(2 * sessionIdleMs);
  expect(items()).toEqual([]);
});

test('while the table is away, sessions used here go on, and others are told to try again', async () => {
  const a = open('a');
  const away = async () => {
    throw new TableError('unreachable', 'away');
  };
  const { put, query } = table;
  Object.assign(table, { put: away, query: away });
  expect(a.use('one', issuedAtMs)).toBe(true);
  await timing.pass(20 * 60_000);
  expect(a.use('one', issuedAtMs)).toBe(true);
  await expect(a.use('two', issuedAtMs - sessionIdleMs)).rejects.toMatchObject({ code: 'CONFIGURATION_UNAVAILABLE' });
  Object.assign(table, { put, query });
  await timing.pass(10_000);
  expect(items()).toHaveLength(1);
  expect(await a.use('two', issuedAtMs - sessionIdleMs)).toBe(false);
});
