import { errorCodes } from '../../contract/errors.ts';
import type { ObjectValue } from '../../contract/kinds.ts';
import type { FireView } from '../../contract/schedules.ts';
import { SpectrumError } from '../foundation/errors.ts';
import type { ControlFiles } from './control-files.ts';
import { createFireTimes, type FireTimes } from './fire-times.ts';
import type { FlowStarters } from './flow-starter.ts';
import type { Fire, ScheduleRecord, ScheduleState, ScheduleStore } from './schedule-store.ts';

export interface FiringProps {
  readonly store: ScheduleStore;
  readonly flows: FlowStarters;
  /** Undefined where jobs have no files. */
  readonly controlFiles: ControlFiles | undefined;
  /** The schedule as it is now, after a strong read of the configuration; undefined when it may not fire. */
  confirm(name: string): Promise<ObjectValue<'schedule'> | undefined>;
  nowMs(): number;
  readonly owner: string;
}

/** Somebody else has written the state: what this node knew of the schedules is old. */
export class StateLost extends Error {
  override readonly name = 'StateLost';

  constructor() {
    super('another node decides the schedules');
  }
}

/** A schedule is not looked at for longer than this at a time, however much is due. */
const mostAtATime = 100;
/** Fires that wait for an earlier run; more are skipped. */
const longestQueue = 100;

/**
 * Decides what becomes of the times of one schedule. Each time is taken up by one conditional write of the schedule's
 * state; what it starts is started under a key of schedule and time, as often as it takes to write that it was.
 */
export class Firing {
  readonly #props: FiringProps;
  readonly #times = new Map<string, { readonly trigger: string; readonly times: FireTimes }>();
  /** By schedule: asked for at every look, and worked out slowly. */
  readonly #next = new Map<string, { readonly key: string; readonly nextMs: number | undefined }>();

  constructor(props: FiringProps) {
    this.#props = props;
  }

  /** Brings the state up to now. Throws `StateLost`, or what the table throws. */
  async advance(record: ScheduleRecord, value: ObjectValue<'schedule'>): Promise<ScheduleRecord> {
    let current = await this.#arm(record, value);
    for (let count = 0; count < mostAtATime; count++) {
      if (current.state.starting !== undefined) current = await this.#start(current, current.state.starting, value);
      const next = (await this.#takeWaiting(current, value)) ?? (await this.#takeDue(current, value));
      if (next === undefined) return current;
      current = next;
    }
    return current;
  }

  /** What was decided and not started yet is not started any more. */
  async disarm(record: ScheduleRecord): Promise<ScheduleRecord> {
    const { starting, waiting, upToMs, active } = record.state;
    for (const fire of starting === undefined ? waiting : [starting, ...waiting]) {
      await this.#tell(record.name, fire, { state: 'skipped', error: 'the schedule was disabled or deleted' });
    }
    return this.#write(record, { trigger: '', upToMs, waiting: [], active });
  }

  /** The first time that is not decided; undefined when there is none. */
  nextMs(record: ScheduleRecord, value: ObjectValue<'schedule'>): number | undefined {
    const { name, state } = record;
    const key = `${state.upToMs} ${JSON.stringify(value.trigger)}`;
    const known = this.#next.get(name);
    if (known?.key === key) return known.nextMs;
    const nextMs = this.#timesOf(name, value).next(state.upToMs);
    this.#next.set(name, { key, nextMs });
    return nextMs;
  }

  /** A new trigger begins now; one that is due once is asked for, however late it was read. */
  async #arm(record: ScheduleRecord, value: ObjectValue<'schedule'>): Promise<ScheduleRecord> {
    const trigger = JSON.stringify(value.trigger);
    const { state } = record;
    if (state.trigger === trigger) return record;
    const upToMs = value.trigger.kind === 'once' ? state.upToMs : Math.max(state.upToMs, this.#props.nowMs());
    return this.#write(record, { ...state, trigger, upToMs });
  }

  async #takeWaiting(record: ScheduleRecord, value: ObjectValue<'schedule'>): Promise<ScheduleRecord | undefined> {
    const [fire, ...waiting] = record.state.waiting;
    if (fire === undefined) return undefined;
    const active = await this.#stillActive(record, value);
    if (active.length > 0) return undefined;
    return this.#write(record, { ...record.state, active, waiting, starting: fire });
  }

  async #takeDue(record: ScheduleRecord, value: ObjectValue<'schedule'>): Promise<ScheduleRecord | undefined> {
    const fire = await this.#findDue(record, value);
    if (fire === undefined) return undefined;
    const confirmed = await this.#props.confirm(record.name);
    // The next look begins with what the schedule has become.
    if (JSON.stringify(confirmed) !== JSON.stringify(value)) return undefined;
    const earliestMs = this.#props.nowMs() - value.catchUpMinutes * 60_000;
    if (fire.dueMs < earliestMs) return this.#miss(record, fire, earliestMs);
    return this.#decide(record, fire, value);
  }

  async #findDue(record: ScheduleRecord, value: ObjectValue<'schedule'>): Promise<Fire | undefined> {
    const nowMs = this.#props.nowMs();
    if (value.trigger.kind === 'control-file') return this.#findFile(record, value.trigger.file ?? '', nowMs);
    const dueMs = this.nextMs(record, value);
    return dueMs !== undefined && dueMs <= nowMs ? { id: idOf(dueMs), dueMs } : undefined;
  }

  async #findFile({ state }: ScheduleRecord, pattern: string, nowMs: number): Promise<Fire | undefined> {
    const waiting = state.waiting.map(({ file }) => file);
    const files = (await this.#props.controlFiles?.list(pattern)) ?? [];
    const file = files.find((candidate) => !waiting.includes(candidate));
    if (file === undefined) return undefined;
    // Two files of one moment need two ids, and so do two deliveries of one name.
    const dueMs = Math.max(nowMs, state.upToMs + 1);
    return { id: idOf(dueMs), dueMs, file };
  }

  async #miss(record: ScheduleRecord, fire: Fire, earliestMs: number): Promise<ScheduleRecord> {
    const until = new Date(earliestMs).toISOString();
    const error = 'no node could fire within the catch-up window';
    await this.#tell(record.name, fire, { state: 'missed', until, error });
    return this.#write(record, { ...record.state, upToMs: earliestMs - 1 });
  }

  async #decide(
    record: ScheduleRecord,
    fire: Fire,
    value: ObjectValue<'schedule'>,
  ): Promise<ScheduleRecord | undefined> {
    const active = await this.#stillActive(record, value);
    const { waiting } = record.state;
    const decided = { ...record.state, active, upToMs: fire.dueMs };
    const isFree = value.overlap === 'allow' || (active.length === 0 && waiting.length === 0);
    if (isFree) return this.#write(record, { ...decided, starting: fire });
    const hasRoom = value.overlap === 'queue' && waiting.length < longestQueue;
    // A file is not lost: it starts the flow when it is looked at again and nothing is in its way.
    if (fire.file !== undefined && !hasRoom) return undefined;
    if (hasRoom) {
      const next = await this.#write(record, { ...decided, waiting: [...waiting, fire] });
      await this.#tell(record.name, fire, { state: 'waiting' });
      return next;
    }
    const error = value.overlap === 'queue' ? `${longestQueue} fires wait already` : 'an earlier run goes on';
    await this.#tell(record.name, fire, { state: 'skipped', error });
    return this.#write(record, decided);
  }

  async #start(record: ScheduleRecord, fire: Fire, value: ObjectValue<'schedule'>): Promise<ScheduleRecord> {
    const { starting: _, ...state } = record.state;
    const { run, error } = await this.#submit(record.name, fire, value);
    if (run === undefined) {
      await this.#tell(record.name, fire, { state: 'failed', ...(error !== undefined && { error }) });
      return this.#write(record, state);
    }
    await this.#tell(record.name, fire, { state: 'started', run });
    const active = value.overlap === 'allow' ? [] : [...state.active, run];
    return this.#write(record, { ...state, active });
  }

  async #submit(name: string, fire: Fire, value: ObjectValue<'schedule'>): Promise<{ run?: string; error?: string }> {
    const { flow, flowKind, options, files } = value;
    try {
      const control =
        fire.file === undefined ? { files: {} } : await this.#props.controlFiles?.take(fire.file, fire.id);
      if (control === undefined) return { error: `the control file ${fire.file} went away` };
      const request = { flow, options, files: { ...files, ...control.files } };
      return {
        run: await this.#props.flows[flowKind].start(request, `schedule ${name}`, `schedule/${name}/${fire.id}`),
      };
    } catch (error) {
      if (!(error instanceof SpectrumError) || errorCodes[error.code].status >= 500) throw error;
      return { error: error.message };
    }
  }

  async #stillActive({ state }: ScheduleRecord, { flowKind }: ObjectValue<'schedule'>): Promise<readonly string[]> {
    const { flows } = this.#props;
    const ended = await Promise.all(state.active.map((run) => flows[flowKind].hasEnded(run)));
    return state.active.filter((_, index) => ended[index] === false);
  }

  #timesOf(name: string, value: ObjectValue<'schedule'>): FireTimes {
    const trigger = JSON.stringify(value.trigger);
    const known = this.#times.get(name);
    if (known?.trigger === trigger) return known.times;
    const times = createFireTimes(value.trigger);
    this.#times.set(name, { trigger, times });
    return times;
  }

  async #tell(schedule: string, fire: Fire, outcome: Pick<FireView, 'state'> & Partial<FireView>): Promise<void> {
    const { store, owner, nowMs } = this.#props;
    const { id, dueMs, file } = fire;
    const firedAt = new Date(nowMs()).toISOString();
    const dueAt = new Date(dueMs).toISOString();
    await store.tell(schedule, { id, dueAt, firedAt, by: owner, ...(file !== undefined && { file }), ...outcome });
  }

  async #write(record: ScheduleRecord, state: ScheduleState): Promise<ScheduleRecord> {
    const written = await this.#props.store.advance(record, state);
    if (written === undefined) throw new StateLost();
    return written;
  }
}

function idOf(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:.]/g, '');
}
