import { type AuditView, accessKind } from '../../../contract/management.ts';
import type { AccessJournal, AccessRecord } from '../../cluster/index.ts';
import { type AuditEntry, type Configuration, hideSecrets, TableError } from '../../configuration/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';

export interface AuditSources {
  readonly configuration: Configuration;
  readonly journal: Pick<AccessJournal, 'read'>;
}

export interface AuditQuery {
  readonly user: string | undefined;
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** Only changes below it; all when undefined. */
  readonly beforeRevision: number | undefined;
  /** Only events before it; all when undefined, none when empty. */
  readonly beforePlace: string | undefined;
  /** How far apart the clocks of two nodes may be. */
  readonly clockSkewMs: number;
}

interface PlacedEntry {
  readonly view: AuditView;
  /** Where both sources go on behind this entry: the change, and the event, that were shown last. */
  readonly revision: number;
  readonly place: string;
}

/** As `before` of the next page takes it. */
export function positionOf({ revision, place }: PlacedEntry): string {
  return `${revision}@${place}`;
}

/**
 * Changes and events that the query wants, newest first. Rejects with `CONFIGURATION_UNAVAILABLE` when the events
 * cannot be read.
 */
export async function listAudit(sources: AuditSources, query: AuditQuery): Promise<AsyncGenerator<PlacedEntry>> {
  const { configuration } = sources;
  const isChangeWanted = query.kind !== accessKind;
  const isEventWanted = (query.kind ?? accessKind) === accessKind && query.beforePlace !== '';
  const changes = isChangeWanted ? listChanges(configuration, query) : none();
  const events = isEventWanted ? listEvents(sources.journal, query) : none();
  // Before anything is answered, so that a table that is away is a refusal and no broken answer.
  const first = await events.next().catch(unreadable);
  const head = query.beforeRevision ?? configuration.snapshot().revision + 1;
  return merge(changes, events, first, { revision: head, place: query.beforePlace ?? afterAll });
}

/** No place in the journal comes behind it: places begin with a year. */
const afterAll = '~';

interface Sourced {
  readonly view: AuditView;
  readonly revision?: number;
  readonly place?: string;
}

async function* merge(
  changes: AsyncGenerator<Sourced>,
  events: AsyncGenerator<Sourced>,
  firstEvent: IteratorResult<Sourced>,
  start: Pick<PlacedEntry, 'revision' | 'place'>,
): AsyncGenerator<PlacedEntry> {
  let position = start;
  for (let change = await changes.next(), event = firstEvent; !change.done || !event.done; ) {
    const isChange = event.done || (!change.done && change.value.view.at >= event.value.view.at);
    const { view, ...moved } = (isChange ? change : event).value as Sourced;
    position = { ...position, ...moved };
    yield { view, ...position };
    if (isChange) change = await changes.next();
    else event = await events.next();
  }
}

async function* listChanges(configuration: Configuration, query: AuditQuery): AsyncGenerator<Sourced> {
  const { epoch } = configuration.snapshot();
  for await (const { value, revision, ...entry } of configuration.history(query.beforeRevision)) {
    const atMs = Date.parse(entry.at);
    // Each change has the clock of its node; beyond their difference nothing older can be in the time asked for.
    if (atMs < query.fromMs - query.clockSkewMs) return;
    if (!isWanted(query, entry) || atMs < query.fromMs || atMs >= query.toMs) continue;
    const shown = value === undefined ? undefined : hideSecrets(entry.kind, JSON.parse(value));
    yield { view: { revision: `${epoch}.${revision}`, ...entry, value: shown }, revision };
  }
}

async function* listEvents(journal: AuditSources['journal'], query: AuditQuery): AsyncGenerator<Sourced> {
  const { fromMs, toMs, beforePlace } = query;
  const before = beforePlace === afterAll ? undefined : beforePlace;
  for await (const record of journal.read({ fromMs, toMs, before })) {
    const view = toView(record);
    if (isWanted(query, view)) yield { view, place: record.place };
  }
}

function toView({ what, user, detail, at, until, count, host }: AccessRecord): AuditView {
  return {
    at,
    ...(until !== undefined && { until }),
    ...(count > 1 && { count }),
    by: user,
    operation: what,
    kind: accessKind,
    name: user,
    ...(detail !== undefined && { reason: detail }),
    ...(host !== undefined && { host }),
  };
}

function isWanted({ user, kind, name }: AuditQuery, entry: Pick<AuditEntry, 'by' | 'kind' | 'name'>): boolean {
  if (user !== undefined && entry.by !== user) return false;
  if (kind !== undefined && entry.kind !== kind) return false;
  return name === undefined || entry.name === name;
}

async function* none(): AsyncGenerator<Sourced> {}

function unreadable(error: unknown): never {
  if (!(error instanceof TableError)) throw error;
  const sentence = `The audit log of access cannot be read now; name another kind than ${accessKind} for changes only, or try again`;
  throw new SpectrumError('CONFIGURATION_UNAVAILABLE', sentence, {}, { cause: error });
}
