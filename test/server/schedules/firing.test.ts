import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectValue } from '../../../contract/kinds.ts';
import { SpectrumError } from '../../../server/foundation/errors.ts';
import { ControlFiles } from '../../../server/schedules/control-files.ts';
import { Firing, StateLost } from '../../../server/schedules/firing.ts';
import type { FlowRequest, FlowStarters } from '../../../server/schedules/flow-starter.ts';
import { type ScheduleRecord, ScheduleStore } from '../../../server/schedules/schedule-store.ts';
import { MemoryTable } from '../../support/table-memory.ts';

type Schedule = ObjectValue<'schedule'>;

const hourly: Schedule = {
  description: '',
  flowKind: 'dataflow',
  flow: 'clean',
  enabled: true,
  trigger: { kind: 'cron', pattern: '0 * * * *', timeZone: 'UTC' },
  options: { Casing: 'U' },
  files: { Customers: 'in.csv' },
  overlap: 'skip',
  catchUpMinutes: 60,
};
const never: ScheduleRecord = {
  name: 'nightly',
  state: { trigger: '', upToMs: 0, waiting: [], active: [] },
  revision: 0,
};

let folder: string;
let nowMs: number;
let store: ScheduleStore;
let started: { readonly key: string; readonly request: FlowRequest }[];
let ended: Set<string>;
/** What the flow throws instead of starting. */
let refusal: SpectrumError | undefined;
let known: Schedule | undefined;
let firing: Firing;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firing-'));
  nowMs = Date.parse('2026-11-22T10:30:00Z');
  store = new ScheduleStore({ table: new MemoryTable(), clusterName: 'test', nowMs: () => nowMs });
  [started, ended, refusal, known] = [[], new Set(), undefined, undefined];
  firing = openFiring();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openFiring(): Firing {
  const starter: FlowStarters['dataflow'] = {
    async start(request, _, key) {
      if (refusal !== undefined) throw refusal;
      if (!started.some((one) => one.key === key)) started.push({ key, request });
      return `run of ${key.split('/')[2]}`;
    },
    hasEnded: async (run) => ended.has(run),
  };
  return new Firing({
    store,
    flows: { dataflow: starter, 'process-flow': starter },
    controlFiles: new ControlFiles(folder),
    confirm: async () => known,
    nowMs: () => nowMs,
    owner: 'node#1',
  });
}

/** Looks at the schedule at a time. */
async function look(record: ScheduleRecord, time: string, value: Schedule): Promise<ScheduleRecord> {
  nowMs = Date.parse(`2026-11-22T${time}Z`);
  known = value;
  return firing.advance(record, value);
}

const times = () => started.map(({ key }) => key.replace(/^schedule\/nightly\/20261122T(\d{4}).*/, '$1'));
const fires = async () =>
  (await store.listFires('nightly', 10)).map(({ dueAt, state }) => `${dueAt.slice(11, 16)} ${state}`);

test('a schedule begins when it is first seen, and starts its flow with its options and files at each time', async () => {
  let record = await look(never, '10:30:00', hourly);
  record = await look(record, '10:59:59', hourly);
  expect(started).toEqual([]);
  record = await look(record, '11:00:00', hourly);
  expect(started).toEqual([
    {
      key: 'schedule/nightly/20261122T110000000Z',
      request: { flow: 'clean', options: { Casing: 'U' }, files: { Customers: 'in.csv' } },
    },
  ]);
  ended.add('run of 20261122T110000000Z');
  await look(record, '12:00:01', hourly);
  expect(await fires()).toEqual(['12:00 started', '11:00 started']);
});

test.each([
  ['skip', ['1100'], ['13:00 skipped', '12:00 skipped', '11:00 started'], ['1100', '1400']],
  ['queue', ['1100'], ['13:00 waiting', '12:00 waiting', '11:00 started'], ['1100', '1200']],
  [
    'allow',
    ['1100', '1200', '1300'],
    ['13:00 started', '12:00 started', '11:00 started'],
    ['1100', '1200', '1300', '1400'],
  ],
] as const)('while an earlier run goes on, %s holds', async (overlap, first, told, then) => {
  const schedule: Schedule = { ...hourly, overlap };
  let record = await look(never, '10:30:00', schedule);
  for (const time of ['11:00:00', '12:00:00', '13:00:00']) record = await look(record, time, schedule);
  expect(times()).toEqual(first);
  expect(await fires()).toEqual(told);
  ended.add('run of 20261122T110000000Z');
  await look(record, '14:00:00', schedule);
  expect(times()).toEqual(then);
});

test('fires that waited are started one after the other, in order', async () => {
  const schedule: Schedule = { ...hourly, overlap: 'queue' };
  let record = await look(never, '10:30:00', schedule);
  for (const time of ['11:00:00', '12:00:00', '13:00:00']) record = await look(record, time, schedule);
  for (const hour of ['11', '12', '13']) {
    ended.add(`run of 20261122T${hour}0000000Z`);
    record = await look(record, '13:30:00', schedule);
  }
  expect(times()).toEqual(['1100', '1200', '1300']);
  expect(record.state.waiting).toEqual([]);
});

test('times that nobody could fire are made up for within the catch-up window, and missed beyond it', async () => {
  const schedule: Schedule = { ...hourly, overlap: 'allow', catchUpMinutes: 90 };
  const record = await look(never, '10:30:00', schedule);
  await look(record, '15:10:00', schedule);
  expect(await fires()).toEqual(['15:00 started', '14:00 started', '11:00 missed']);
  expect((await store.listFires('nightly', 10)).at(-1)).toMatchObject({ until: '2026-11-22T13:40:00.000Z' });
});

test('a schedule that was disabled starts nothing that was due meanwhile', async () => {
  let record = await look(never, '10:30:00', hourly);
  record = await firing.disarm(record);
  record = await look(record, '12:30:00', hourly);
  expect(started).toEqual([]);
  await look(record, '13:00:00', hourly);
  expect(times()).toEqual(['1300']);
});

test('a schedule that was changed or disabled a moment ago is left until it is looked at again', async () => {
  const record = await look(never, '10:30:00', hourly);
  nowMs = Date.parse('2026-11-22T11:00:00Z');
  known = undefined;
  await firing.advance(record, hourly);
  known = { ...hourly, flow: 'other' };
  await firing.advance(record, hourly);
  expect(started).toEqual([]);
});

test('once is asked for after its time too, and only once', async () => {
  const schedule: Schedule = { ...hourly, trigger: { kind: 'once', at: '2026-11-22T10:15', timeZone: 'UTC' } };
  let record = await look(never, '10:30:00', schedule);
  expect(times()).toEqual(['1015']);
  record = await look(await firing.disarm(record), '10:40:00', schedule);
  await look(record, '10:50:00', schedule);
  expect(times()).toEqual(['1015']);
});

test('a flow that cannot be started fails the fire, and one that may start later is tried again', async () => {
  let record = await look(never, '10:30:00', hourly);
  refusal = new SpectrumError('UNKNOWN_OBJECT', 'There is no dataflow clean');
  record = await look(record, '11:00:00', hourly);
  expect((await store.listFires('nightly', 1))[0]).toMatchObject({
    state: 'failed',
    error: 'There is no dataflow clean',
  });
  refusal = new SpectrumError('OVERLOADED', 'too much');
  await expect(look(record, '12:00:00', hourly)).rejects.toThrow('too much');
  const [stored = record] = await store.list();
  refusal = undefined;
  await look(stored, '12:00:05', hourly);
  expect(times()).toEqual(['1200']);
});

test('of two nodes that decide the same time one is refused, and what it started is started once', async () => {
  const record = await look(never, '10:30:00', hourly);
  await look(record, '11:00:00', hourly);
  await expect(look(record, '11:00:01', hourly)).rejects.toThrow(StateLost);
  expect(times()).toEqual(['1100']);
});

describe('control files', () => {
  const onFile: Schedule = { ...hourly, trigger: { kind: 'control-file', file: 'in/*.go', timeZone: 'UTC' } };
  const put = (name: string, text = '') => {
    mkdirSync(join(folder, 'in'), { recursive: true });
    writeFileSync(join(folder, 'in', name), text);
  };

  test('each starts the flow once, with the files that it names, and is moved away', async () => {
    put('a.go', '# tonight\nCustomers = big.csv\n\nGood=out/good.csv\n');
    put('a.csv');
    let record = await look(never, '10:30:00', onFile);
    expect(started[0]?.request.files).toEqual({ Customers: 'big.csv', Good: 'out/good.csv' });
    expect([existsSync(join(folder, 'in/a.go')), existsSync(join(folder, 'in/a.csv'))]).toEqual([false, true]);
    put('b.go');
    put('c.go');
    for (const time of ['10:31:00', '10:31:00']) {
      for (const { key } of started) ended.add(`run of ${key.split('/')[2]}`);
      record = await look(record, time, onFile);
    }
    expect((await store.listFires('nightly', 10)).map(({ file }) => file)).toEqual(['in/c.go', 'in/b.go', 'in/a.go']);
  });

  test('one that comes while an earlier run goes on stays until that has ended', async () => {
    put('a.go');
    let record = await look(never, '10:30:00', onFile);
    put('a.go');
    record = await look(record, '10:31:00', onFile);
    expect(started).toHaveLength(1);
    ended.add('run of 20261122T103000001Z');
    await look(record, '10:32:00', onFile);
    expect(started).toHaveLength(2);
  });

  test('one that was moved by a node that died then is read where it is', async () => {
    put('a.go', 'Customers=big.csv');
    const files = new ControlFiles(folder);
    await files.take('in/a.go', 'f1');
    expect(await files.take('in/a.go', 'f1')).toEqual({ files: { Customers: 'big.csv' } });
    expect(await files.take('in/a.go', 'f2')).toBeUndefined();
  });

  test('one that cannot be understood, or leads elsewhere, is refused', async () => {
    put('a.go', 'Customers');
    const files = new ControlFiles(folder);
    await expect(files.take('in/a.go', 'f1')).rejects.toThrow('control file in/a.go: line 1 is not allowed');
    await expect(files.list('../*')).rejects.toThrow('is outside of the folder for files of jobs');
    symlinkSync(tmpdir(), join(folder, 'away'));
    await expect(files.list('away/*')).rejects.toThrow('is outside of the folder for files of jobs');
    expect(await files.list('missing/*.go')).toEqual([]);
  });
});
