import type { ArchivedChange, JournalEntry, RawItem } from './table-journal.ts';

/**
 * Judges a chaos run from the table's raw items and the journals alone; nothing of the implementation is used here, so
 * that a mistake of the one is not repeated by the other.
 */
export function checkRun(
  clusterName: string,
  items: readonly RawItem[],
  archive: readonly ArchivedChange[],
  journal: readonly JournalEntry[],
): string[] {
  const epochs = readEpochs(clusterName, items, archive);
  return [
    ...checkContiguous(epochs),
    ...checkIds(epochs),
    ...checkAcknowledged(epochs, journal),
    ...checkRefused(epochs, journal),
    ...checkConditions(epochs, journal),
    ...checkReaders(journal),
    ...checkStarts(journal),
    ...checkFinals(epochs, journal),
    ...checkLeases(journal),
    ...checkChunks(clusterName, items),
  ];
}

/** Whatever a change or the start of an epoch names is there; so is everything of the two newest complete snapshots. */
function checkChunks(clusterName: string, items: readonly RawItem[]): string[] {
  const stored = new Set(items.flatMap(({ partition }) => partition.match(/^chunk#[^#]*#(.*)$/)?.[1] ?? []));
  const missing = ({ attributes }: RawItem) =>
    Array.isArray(attributes.chunks) ? attributes.chunks.filter((chunk) => !stored.has(String(chunk))) : [];
  const named = items.filter(({ partition, sort }) => {
    return partition.startsWith(`cluster#${clusterName}`) && /^(change|epoch)#/.test(sort);
  });
  const lost = named.filter((item) => missing(item).length > 0);
  const snapshots = items.filter(({ sort, attributes }) => {
    return sort.startsWith('snapshot#') && Array.isArray(attributes.chunks) && attributes.chunks.length > 0;
  });
  const logs = new Set(items.filter(({ attributes }) => attributes.stub === true).map(({ partition }) => partition));
  const bare = [...logs].filter((log) => {
    const complete = snapshots.filter((item) => item.partition === log && missing(item).length === 0);
    return complete.length < 2;
  });
  return [
    ...lost.map(({ partition, sort }) => `${partition} ${sort} names a chunk that is not there`),
    ...bare.map((log) => `${log} has stubs and fewer than two complete snapshots`),
  ];
}

interface Entry {
  readonly revision: number;
  readonly id: string;
  readonly name: string | undefined;
  readonly operation: string | undefined;
  readonly value: unknown;
  readonly kind: unknown;
}

interface Epoch {
  readonly number: number;
  /** The last revision of the epoch before that counts. */
  readonly base: number;
  readonly entries: readonly Entry[];
}

function readEpochs(clusterName: string, items: readonly RawItem[], archive: readonly ArchivedChange[]): Epoch[] {
  const starts = items.filter(({ partition, sort }) => partition === `cluster#${clusterName}` && /^epoch#/.test(sort));
  const numbers = [1, ...starts.map(({ sort }) => Number(sort.slice(6)))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const start = starts.find(({ sort }) => Number(sort.slice(6)) === number);
    const partition = `cluster#${clusterName}#${String(number).padStart(6, '0')}`;
    const entries = items
      .filter((item) => item.partition === partition && item.sort.startsWith('change#'))
      .map((item) => toEntry(item, number, archive))
      .sort((a, b) => a.revision - b.revision);
    return { number, base: Number(start?.attributes.revision ?? 0), entries };
  });
}

function toEntry({ sort, attributes }: RawItem, epoch: number, archive: readonly ArchivedChange[]): Entry {
  const revision = Number(sort.slice('change#'.length));
  const archived = archive.find((change) => change.epoch === epoch && change.revision === revision);
  const source: Readonly<Record<string, unknown>> = attributes.stub ? { ...archived } : attributes;
  return {
    revision,
    id: String(attributes.id),
    name: source.name === undefined ? undefined : String(source.name),
    operation: source.operation === undefined ? undefined : String(source.operation),
    value: source.value,
    kind: source.kind,
  };
}

function checkContiguous(epochs: readonly Epoch[]): string[] {
  return epochs.flatMap(({ number, base, entries }) =>
    entries.flatMap(({ revision, name }, index) => [
      ...(revision === base + 1 + index ? [] : [`epoch ${number}: revision ${base + 1 + index} is missing`]),
      ...(name === undefined ? [`epoch ${number}: the payload of ${revision} is in neither table nor archive`] : []),
    ]),
  );
}

function checkIds(epochs: readonly Epoch[]): string[] {
  const seen = new Map<string, string>();
  return epochs.flatMap(({ number, entries }) =>
    entries.flatMap(({ id, revision }) => {
      const before = seen.get(id);
      seen.set(id, `${number}.${revision}`);
      return before ? [`change ${id} stands at ${before} and at ${number}.${revision}`] : [];
    }),
  );
}

function checkAcknowledged(epochs: readonly Epoch[], journal: readonly JournalEntry[]): string[] {
  return journal.flatMap((entry) => {
    if (entry.what !== 'acknowledged') return [];
    // A later epoch begins with all that came before: what it repeats stands in the epoch that wrote it.
    const epoch = epochs.findLast(({ number, base }) => number <= entry.epoch && base < entry.revision);
    const next = epochs.find(({ number }) => number === (epoch?.number ?? entry.epoch) + 1);
    const place = `acknowledged ${entry.id} at ${entry.epoch}.${entry.revision}`;
    const standing = epoch?.entries.find(({ revision }) => revision === entry.revision);
    if (standing?.id !== entry.id) return [`${place}: there stands ${standing?.id ?? 'nothing'}`];
    return next && next.base < entry.revision ? [`${place}: the next epoch starts from ${next.base}`] : [];
  });
}

/** A write that was called a failure for certain must have left nothing. */
function checkRefused(epochs: readonly Epoch[], journal: readonly JournalEntry[]): string[] {
  const ids = new Set(epochs.flatMap(({ entries }) => entries.map(({ id }) => id)));
  return journal.flatMap((entry) =>
    entry.what === 'refused' && ids.has(entry.id) ? [`refused ${entry.id} (${entry.code}) stands in the log`] : [],
  );
}

/** Replays the log with the simplest of folds and asks of every acknowledged write whether it saw what it claimed. */
function checkConditions(epochs: readonly Epoch[], journal: readonly JournalEntry[]): string[] {
  const claims = new Map(journal.flatMap((entry) => ('expected' in entry ? [[entry.id, entry.expected]] : [])));
  const wrong: string[] = [];
  replay(epochs, (entry, before) => {
    const claim = claims.get(entry.id);
    if (claim === undefined) return;
    const actual = before === undefined ? 'absent' : before[0];
    if (claim !== actual) wrong.push(`change ${entry.id} claimed ${claim} and followed ${actual}`);
  });
  return wrong;
}

type Content = Map<string, readonly [number, string]>;

function replay(
  epochs: readonly Epoch[],
  visit: (entry: Entry, before: readonly [number, string] | undefined) => void = () => undefined,
): Content {
  const content: Content = new Map();
  for (const [index, { entries }] of epochs.entries()) {
    const end = epochs[index + 1]?.base ?? Number.POSITIVE_INFINITY;
    for (const entry of entries.filter(({ revision }) => revision <= end)) {
      if (entry.operation === 'seal' || entry.name === undefined) continue;
      visit(entry, content.get(entry.name));
      if (entry.operation === 'delete') content.delete(entry.name);
      else content.set(entry.name, [entry.revision, String(entry.value)]);
    }
  }
  return content;
}

/** Over all lives of a node: what it showed once, it never shows less of. */
function checkReaders(journal: readonly JournalEntry[]): string[] {
  const last = new Map<string, readonly [number, number]>();
  return journal.flatMap((entry) => {
    if (entry.what !== 'seen') return [];
    const [epoch, revision] = last.get(entry.node) ?? [0, 0];
    const wentBack = entry.epoch < epoch || (entry.epoch === epoch && entry.revision < revision);
    if (!wentBack) last.set(entry.node, [entry.epoch, entry.revision]);
    return wentBack ? [`${entry.node} went back from ${epoch}.${revision} to ${entry.epoch}.${entry.revision}`] : [];
  });
}

/** A node that starts shows everything that was acknowledged before it started. */
function checkStarts(journal: readonly JournalEntry[]): string[] {
  const startedAt = new Map<string, number>();
  const acknowledged = journal.filter((entry) => entry.what === 'acknowledged');
  return journal.flatMap((entry) => {
    if (entry.what === 'start') startedAt.set(entry.node, entry.atMs);
    if (entry.what !== 'seen' || !entry.isStart) return [];
    const sinceMs = startedAt.get(entry.node) ?? 0;
    const missed = acknowledged.find(
      ({ atMs, epoch, revision }) => atMs < sinceMs && epoch === entry.epoch && revision > entry.revision,
    );
    return missed ? [`${entry.node} started at ${entry.revision} without ${missed.revision}`] : [];
  });
}

function checkFinals(epochs: readonly Epoch[], journal: readonly JournalEntry[]): string[] {
  const finals = journal.filter((entry) => entry.what === 'final');
  const [first] = finals;
  if (!first) return ['no node told its final state'];
  const expected = replay(epochs);
  const head = epochs.at(-1);
  const last = head?.entries.at(-1)?.revision ?? head?.base;
  return finals.flatMap((final) => {
    const place = `${final.node} at ${final.epoch}.${final.revision}`;
    const differing = [...new Set([...expected.keys(), ...Object.keys(final.content)])].filter(
      (name) => JSON.stringify(expected.get(name)?.[0]) !== JSON.stringify(final.content[name]?.[0]),
    );
    return [
      ...(final.digest === first.digest ? [] : [`${place} is not byte-equal with ${first.node}`]),
      ...(final.epoch === head?.number && final.revision === last
        ? []
        : [`${place}: the head is ${head?.number}.${last}`]),
      ...(differing.length === 0 ? [] : [`${place} differs from the log in ${differing.join(', ')}`]),
    ];
  });
}

function checkLeases(journal: readonly JournalEntry[]): string[] {
  const owners = new Map<number, string>();
  return journal.flatMap((entry) => {
    if (entry.what !== 'lease') return [];
    const owner = owners.get(entry.token) ?? entry.owner;
    owners.set(entry.token, owner);
    return owner === entry.owner ? [] : [`token ${entry.token} was given to ${owner} and to ${entry.owner}`];
  });
}
