import { runtimePartitions, type SessionItem } from '../../../contract/runtime-table.ts';
import { numberOf, type Table, TableError, type Timing } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { timeLimits } from '../limits.ts';

export interface SessionActivityProps {
  /** The runtime table. */
  readonly table: Table;
  readonly clusterName: string;
  /** Unlike any other process's of the cluster. */
  readonly processName: string;
  readonly timing: Timing;
}

/** What this process knows of one session. */
interface KnownSession {
  /** The latest use, here or as read from the table. */
  usedAtMs: number;
  /** The latest use that this process has written down; 0 for none. */
  notedAtMs: number;
  /** Set while the table is asked for the uses of other nodes. */
  asking: Promise<boolean> | undefined;
}

/** So often a process looks which uses it has to write down. */
const roundMs = 5_000;
const notesAtATime = 16;
const usesAtATime = 100;

/**
 * Which sessions are in use, as all nodes see it. Each process writes down the last use of a session soon after it, in
 * an item of its own; a process that knows of no use for half an hour reads the items of all before it says no.
 */
export class SessionActivity {
  readonly #props: SessionActivityProps;
  readonly #partition: string;
  readonly #known = new Map<string, KnownSession>();
  /** Sessions with a use that is not written down. */
  readonly #unnoted = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(props: SessionActivityProps) {
    this.#props = props;
    this.#partition = `${runtimePartitions.sessions}#${props.clusterName}`;
  }

  /**
   * Whether a session is still alive; if so, this was a use of it. At once, unless this process has seen no use of it
   * for too long; then rejects with `CONFIGURATION_UNAVAILABLE` when the table cannot tell of the other nodes.
   */
  use(session: string, issuedAtMs: number): boolean | Promise<boolean> {
    const nowMs = this.#props.timing.nowMs();
    const known = this.#known.get(session) ?? this.#remember(session, issuedAtMs);
    if (nowMs - known.usedAtMs >= timeLimits.sessionIdleMs) return this.#ask(session, known);
    known.usedAtMs = Math.max(known.usedAtMs, nowMs);
    this.#unnoted.add(session);
    this.#cancel ??= this.#props.timing.after(roundMs, () => void this.#round());
    return true;
  }

  /** Writes down every use that is not yet, so that the other nodes know when this process has gone. */
  async close(): Promise<void> {
    this.#cancel?.();
    await this.#note([...this.#unnoted]);
  }

  #remember(session: string, usedAtMs: number): KnownSession {
    const known: KnownSession = { usedAtMs, notedAtMs: 0, asking: undefined };
    this.#known.set(session, known);
    return known;
  }

  #ask(session: string, known: KnownSession): Promise<boolean> {
    known.asking ??= this.#readUse(session)
      .then((usedAtMs) => {
        known.usedAtMs = Math.max(known.usedAtMs, usedAtMs);
        if (this.#props.timing.nowMs() - known.usedAtMs >= timeLimits.sessionIdleMs) return false;
        return this.use(session, known.usedAtMs);
      })
      .finally(() => {
        known.asking = undefined;
      });
    return known.asking;
  }

  /** The latest use that any process has written down. */
  async #readUse(session: string): Promise<number> {
    const { table } = this.#props;
    const range = { partition: this.#partition, from: `${session}#`, to: `${session}#\u{10ffff}` };
    try {
      const { items } = await table.query({ ...range, limit: usesAtATime, order: 'ascending' }, 'strong');
      return Math.max(0, ...items.map((item) => numberOf(item, 'usedAtMs')));
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      throw new SpectrumError(
        'CONFIGURATION_UNAVAILABLE',
        'Whether the session is still in use cannot be read now; try again in a second, or get a new token',
        {},
        { cause: error },
      );
    }
  }

  async #round(): Promise<void> {
    const nowMs = this.#props.timing.nowMs();
    await this.#note([...this.#unnoted].filter((session) => this.#isDue(session, nowMs)));
    await this.#forgetEnded(nowMs);
    this.#cancel = this.#known.size === 0 ? undefined : this.#props.timing.after(roundMs, () => void this.#round());
  }

  /** A session that rests is noted once and exactly; one in steady use now and then, should this process be killed. */
  #isDue(session: string, nowMs: number): boolean {
    const known = this.#known.get(session);
    if (!known) return false;
    return nowMs - known.usedAtMs >= roundMs || nowMs - known.notedAtMs >= timeLimits.sessionNoteMs;
  }

  async #note(sessions: readonly string[]): Promise<void> {
    for (let start = 0; start < sessions.length; start += notesAtATime) {
      await Promise.all(sessions.slice(start, start + notesAtATime).map((session) => this.#noteOne(session)));
    }
  }

  async #noteOne(session: string): Promise<void> {
    const known = this.#known.get(session);
    if (!known) return;
    const { usedAtMs } = known;
    const item: SessionItem = { usedAtMs, expiresAt: Math.ceil((usedAtMs + 2 * timeLimits.sessionIdleMs) / 1_000) };
    this.#unnoted.delete(session);
    try {
      await this.#props.table.put(this.#keyOf(session), { ...item }, 'none');
      known.notedAtMs = usedAtMs;
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
      this.#unnoted.add(session);
    }
  }

  async #forgetEnded(nowMs: number): Promise<void> {
    for (const [session, { usedAtMs, notedAtMs }] of this.#known) {
      if (nowMs - usedAtMs < 2 * timeLimits.sessionIdleMs) continue;
      this.#known.delete(session);
      this.#unnoted.delete(session);
      if (notedAtMs > 0) await this.#props.table.delete(this.#keyOf(session), 'none').catch(ignoreTable);
    }
  }

  #keyOf(session: string) {
    return { partition: this.#partition, sort: `${session}#${this.#props.processName}` };
  }
}

/** What cannot be deleted now expires. */
function ignoreTable(error: unknown): void {
  if (!(error instanceof TableError)) throw error;
}
