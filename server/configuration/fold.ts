import { canonicalJson, compareText, digestText, freezeDeeply } from './canonical.ts';
import type { ChangeRecord } from './change.ts';
import type { ConfigurationKind, ConfigurationObject, ConfigurationSnapshot } from './model.ts';

/** How many of the latest change ids a copy remembers: so long a resent idempotency key is answered, not repeated. */
export const rememberedIds = 4_096;

/** What a remembered id did. */
export interface RememberedChange {
  readonly id: string;
  readonly revision: number;
  readonly kind: string;
  readonly name: string;
}

type Objects = ReadonlyMap<string, ReadonlyMap<string, StoredObject>>;

/**
 * The fold of changes 1 to `revision` of one epoch: immutable, and opaque: values are kept as the text that was
 * written, kinds and fields unknown to this version included.
 */
export class Fold implements ConfigurationSnapshot {
  static empty(epoch: number): Fold {
    return new Fold(epoch, 0, undefined, undefined, new Map(), []);
  }

  private digested: string | undefined;

  private constructor(
    readonly epoch: number,
    readonly revision: number,
    /** The one region that may write; every region when undefined. */
    readonly home: string | undefined,
    /** The epoch that goes on after this one, whose log is closed; undefined while it is open. */
    readonly nextEpoch: number | undefined,
    private readonly objects: Objects,
    /** Oldest first. */
    private readonly remembered: readonly RememberedChange[],
  ) {}

  find<Value = unknown>(kind: string, name: string): ConfigurationObject<Value> | undefined {
    return this.objects.get(kind)?.get(name)?.view() as ConfigurationObject<Value> | undefined;
  }

  list<Value = unknown>(kind: string): readonly ConfigurationObject<Value>[] {
    return this.sorted(kind).map((object) => object.view() as ConfigurationObject<Value>);
  }

  kinds(): readonly string[] {
    return [...this.objects.keys()].sort(compareText);
  }

  /** The stored text of an object, for byte-exact comparison and export. */
  findText(kind: string, name: string): string | undefined {
    return this.objects.get(kind)?.get(name)?.text;
  }

  findRemembered(id: string): RememberedChange | undefined {
    return this.remembered.findLast((change) => change.id === id);
  }

  /** What stands at a recent revision. */
  findRememberedAt(revision: number): RememberedChange | undefined {
    return this.remembered.findLast((change) => change.revision === revision);
  }

  /** The fold after further changes, which must follow on this revision without a gap. */
  apply(changes: readonly ChangeRecord[]): Fold {
    if (changes.length === 0) return this;
    const objects = new Map<string, Map<string, StoredObject>>();
    let { home, nextEpoch } = this;
    let revision = this.revision;
    for (const change of changes) {
      if (change.revision !== revision + 1) throw new RangeError(`change ${change.revision} after ${revision}`);
      revision = change.revision;
      if (change.operation === 'seal') ({ home, nextEpoch } = sealOf(change));
      else applyTo(this.copiedKind(objects, change.kind), change);
    }
    const remembered = [...this.remembered, ...changes.map(toRemembered)].slice(-rememberedIds);
    return new Fold(this.epoch, revision, home, nextEpoch, mergeKinds(this.objects, objects), remembered);
  }

  /** The same objects as the start of another epoch. */
  inEpoch(epoch: number, revision: number, home: string | undefined): Fold {
    return new Fold(epoch, revision, home, undefined, this.objects, this.remembered);
  }

  /** Lines of canonical JSON: a head, then every object by kind and name. Equal folds give equal lines. */
  encode(): string[] {
    const { epoch, revision, home, nextEpoch } = this;
    const remembered = this.remembered.map(({ id, revision: at, kind, name }) => [id, at, kind, name]);
    const lines = [canonicalJson({ epoch, revision, home, nextEpoch, remembered })];
    for (const kind of this.kinds()) {
      for (const { name, revision: at, text } of this.sorted(kind)) {
        lines.push(JSON.stringify([kind, name, at, text]));
      }
    }
    return lines;
  }

  static decode(lines: readonly string[]): Fold {
    const [first, ...rest] = lines;
    const head = JSON.parse(first ?? '') as FoldHead;
    const objects = new Map<string, Map<string, StoredObject>>();
    for (const line of rest) {
      const [kind, name, revision, text] = JSON.parse(line) as [string, string, number, string];
      kindOf(objects, kind).set(name, new StoredObject(kind, name, revision, text));
    }
    const remembered = head.remembered.map(([id, revision, kind, name]) => ({ id, revision, kind, name }));
    return new Fold(head.epoch, head.revision, head.home, head.nextEpoch, objects, remembered);
  }

  /** Equal for two nodes exactly when their copies are byte-equal. */
  digest(): string {
    this.digested ??= digestText(this.encode().join('\n'));
    return this.digested;
  }

  private sorted(kind: string): StoredObject[] {
    return [...(this.objects.get(kind)?.values() ?? [])].sort((a, b) => compareText(a.name, b.name));
  }

  private copiedKind(copies: Map<string, Map<string, StoredObject>>, kind: string): Map<string, StoredObject> {
    const copy = copies.get(kind) ?? new Map(this.objects.get(kind));
    copies.set(kind, copy);
    return copy;
  }
}

interface FoldHead {
  readonly epoch: number;
  readonly revision: number;
  readonly home?: string;
  readonly nextEpoch?: number;
  readonly remembered: readonly [string, number, string, string][];
}

/** Parses its text when first asked, since most objects of a large configuration are rarely read. */
class StoredObject {
  private parsed: ConfigurationObject | undefined;

  constructor(
    readonly kind: string,
    readonly name: string,
    readonly revision: number,
    readonly text: string,
  ) {}

  view(): ConfigurationObject {
    const { kind, name, revision } = this;
    // A kind of a newer version is listed by name only where that version asks for it.
    this.parsed ??= freezeDeeply({ kind: kind as ConfigurationKind, name, revision, value: JSON.parse(this.text) });
    return this.parsed;
  }
}

function applyTo(objects: Map<string, StoredObject>, change: ChangeRecord): void {
  const { kind, name, revision, value } = change;
  if (change.operation === 'delete' || value === undefined) objects.delete(name);
  else objects.set(name, new StoredObject(kind, name, revision, value));
}

function mergeKinds(old: Objects, changed: Objects): Objects {
  const merged = new Map([...old, ...changed]);
  for (const [kind, objects] of merged) if (objects.size === 0) merged.delete(kind);
  return merged;
}

function kindOf(objects: Map<string, Map<string, StoredObject>>, kind: string): Map<string, StoredObject> {
  const found = objects.get(kind) ?? new Map<string, StoredObject>();
  objects.set(kind, found);
  return found;
}

function toRemembered({ id, revision, kind, name }: ChangeRecord): RememberedChange {
  return { id, revision, kind, name };
}

interface Seal {
  readonly home: string | undefined;
  readonly nextEpoch: number | undefined;
}

function sealOf(change: ChangeRecord): Seal {
  const { home, nextEpoch } = JSON.parse(change.value ?? '{}') as Partial<Seal>;
  return { home, nextEpoch };
}
