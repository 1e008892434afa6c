import { randomBytes } from 'node:crypto';
import type { ObjectValue } from '../../contract/kinds.ts';
import type { FiresView, FireView } from '../../contract/schedules.ts';
import type { ConfigurationSnapshot } from '../configuration/index.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { createFireTimes, listNextTimes } from './fire-times.ts';
import type { FlowStarters } from './flow-starter.ts';
import type { ScheduleStore } from './schedule-store.ts';

export interface SchedulesProps {
  readonly store: ScheduleStore;
  readonly flows: FlowStarters;
  snapshot(): ConfigurationSnapshot;
  catchUp(): Promise<void>;
  nowMs(): number;
}

const nextTimes = 5;

/** Answers for schedules, on any node. */
export class Schedules {
  readonly #props: SchedulesProps;

  constructor(props: SchedulesProps) {
    this.#props = props;
  }

  /** The next times and what became of those before. Throws `UNKNOWN_OBJECT`. */
  async fires(name: string, limit: number): Promise<FiresView> {
    const { enabled, trigger } = this.#find(name);
    const { store, nowMs } = this.#props;
    const times = enabled ? listNextTimes(createFireTimes(trigger), nowMs(), nextTimes) : [];
    return { next: times.map(toText), items: await store.listFires(name, limit) };
  }

  /** Starts the flow of the schedule now, whatever else it does. Throws `UNKNOWN_OBJECT`, and what the flow throws. */
  async runNow(name: string, by: string, key = randomBytes(8).toString('hex')): Promise<FireView> {
    const { store, flows, nowMs, catchUp } = this.#props;
    await catchUp();
    const { flow, flowKind, options, files } = this.#find(name);
    const run = await flows[flowKind].start({ flow, options, files }, by, `schedule/${name}/by-hand/${key}`);
    const at = toText(nowMs());
    const id = `${at.replace(/[-:.]/g, '')}-${run.slice(-8)}`;
    const fire: FireView = { id, dueAt: at, state: 'started', firedAt: at, by, run };
    await store.tell(name, fire);
    return fire;
  }

  #find(name: string): ObjectValue<'schedule'> {
    const schedule = this.#props.snapshot().find<ObjectValue<'schedule'>>('schedule', name);
    if (schedule !== undefined) return schedule.value;
    throw new SpectrumError('UNKNOWN_OBJECT', `There is no schedule named ${JSON.stringify(name)}`, { schedule: name });
  }
}

function toText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
