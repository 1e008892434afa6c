/** What one field of an object may hold: validation, JSON Schema and forms are derived from it. */
export type Field =
  | TextField
  | { readonly type: 'choice'; readonly description: string; readonly values: readonly string[] }
  | { readonly type: 'integer'; readonly description: string; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'flag'; readonly description: string }
  | ListField
  | { readonly type: 'map'; readonly description: string; readonly of: Field; readonly maximum: number }
  | RecordField
  /** Any JSON: documents of flows, and settings that other rooms check. */
  | { readonly type: 'document'; readonly description: string };

export interface TextField {
  readonly type: 'text';
  readonly description: string;
  readonly maximum: number;
  readonly minimum?: number;
  readonly pattern?: RegExp;
  /** What the pattern allows, in words. */
  readonly allowed?: string;
  /** The text is the name of a configuration object of this kind, which must exist. */
  readonly refersTo?: string;
  /** `hidden` values never leave the server; a write that omits one keeps it. */
  readonly visibility?: 'shown' | 'hidden';
  /** The field that callers send instead; what is stored is made from it. */
  readonly sentAs?: string;
}

interface ListField {
  readonly type: 'list';
  readonly description: string;
  readonly of: Field;
  readonly maximum: number;
  /** The field by which an entry, a record, is found again in what a write replaces; its place when absent. */
  readonly key?: string;
}

export interface RecordField {
  readonly type: 'record';
  readonly description: string;
  readonly fields: Readonly<Record<string, Member>>;
}

export interface Member {
  readonly field: Field;
  /** Filled in where a write omits the field; `required` refuses, `optional` leaves it out. */
  readonly absent: 'required' | 'optional' | { readonly default: unknown };
}

/** Something wrong with a value: which field, what was given, a sentence without the field's name, what is allowed. */
interface Issue {
  readonly path: string;
  /** Absent where nothing was given, or where it may be secret. */
  readonly given?: string;
  readonly problem: string;
  readonly allowed: string;
}

/** The value completed with defaults, or what is wrong with it; `current` is what a write replaces. */
export function checkValue(field: Field, value: unknown, current: unknown, path: string): Checked {
  switch (field.type) {
    case 'list':
      return checkList(field, value, current, path);
    case 'map':
      return checkMap(field, value, current, path);
    case 'record':
      return checkRecord(field, value, current, path);
    case 'document':
      return value === undefined ? missing(field, path) : accepted(value);
    default:
      // What stands already may come from a newer version that allows more: whoever sends it back changes nothing.
      return value === current || isAllowed(field, value) ? accepted(value) : notAllowed(field, value, path);
  }
}

export type Checked = { readonly value: unknown; readonly issues: readonly Issue[] };

/** What a field may hold, in words. */
function describeAllowed(field: Field): string {
  switch (field.type) {
    case 'text': {
      const length = `text of ${field.minimum ?? 0} to ${field.maximum} characters`;
      return field.pattern ? (field.allowed ?? `text that matches ${field.pattern}`) : length;
    }
    case 'choice':
      return joinWords(field.values);
    case 'integer':
      return `a whole number from ${field.minimum} to ${field.maximum}`;
    case 'flag':
      return 'true or false';
    case 'list':
      return `a list of at most ${field.maximum} entries`;
    case 'map':
      return `an object of at most ${field.maximum} entries`;
    case 'record':
      return `an object with ${joinWords(sentNames(field), 'and')}`;
    case 'document':
      return 'any JSON';
  }
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Leaf = Exclude<Field, ListField | RecordField | { readonly type: 'map' | 'document' }>;

function isAllowed(field: Leaf, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      return typeof value === 'string' && hasAllowedLength(field, value) && (field.pattern?.test(value) ?? true);
    case 'choice':
      return typeof value === 'string' && field.values.includes(value);
    case 'integer':
      return Number.isInteger(value) && Number(value) >= field.minimum && Number(value) <= field.maximum;
    case 'flag':
      return typeof value === 'boolean';
  }
}

function hasAllowedLength({ minimum = 0, maximum }: TextField, value: string): boolean {
  return value.length >= minimum && value.length <= maximum;
}

function notAllowed(field: Leaf, value: unknown, path: string): Checked {
  const isHidden = field.type === 'text' && field.visibility === 'hidden';
  const allowed = describeAllowed(field);
  if (field.type === 'text' && typeof value === 'string' && !hasAllowedLength(field, value)) {
    const sentence = `has ${value.length} characters; allowed are ${field.minimum ?? 0} to ${field.maximum}`;
    return refused(path, { problem: sentence, allowed });
  }
  if (isHidden) return refused(path, { problem: `the value is not allowed; use ${allowed}`, allowed });
  const given = show(value);
  return refused(path, { given, problem: `${given} is not allowed; use ${allowed}`, allowed });
}

function checkList(field: ListField, value: unknown, current: unknown, path: string): Checked {
  const allowed = describeAllowed(field);
  if (!Array.isArray(value))
    return refused(path, { given: show(value), problem: `${show(value)} is not a list`, allowed });
  if (value.length > field.maximum) {
    return refused(path, { problem: `has ${value.length} entries; at most ${field.maximum} are allowed`, allowed });
  }
  const old = Array.isArray(current) ? current : [];
  const parts = value.map((part, index) =>
    checkValue(field.of, part, findEntry(field, old, part, index), `${path}[${index}]`),
  );
  return { value: parts.map((part) => part.value), issues: parts.flatMap((part) => part.issues) };
}

/** The entry that `part` replaces, whose fields of a newer version stay. */
function findEntry({ key }: ListField, old: readonly unknown[], part: unknown, index: number): unknown {
  if (key === undefined) return old[index];
  if (!isPlainObject(part)) return undefined;
  return old.find((entry) => isPlainObject(entry) && entry[key] === part[key]);
}

function checkMap(field: Extract<Field, { type: 'map' }>, value: unknown, current: unknown, path: string): Checked {
  if (!isPlainObject(value)) return notAnObject(field, value, path);
  const names = Object.keys(value);
  if (names.length > field.maximum) {
    const problem = `has ${names.length} entries; at most ${field.maximum} are allowed`;
    return refused(path, { problem, allowed: describeAllowed(field) });
  }
  const old = isPlainObject(current) ? current : {};
  const parts = names.map((name) => [name, checkValue(field.of, value[name], old[name], join(path, name))] as const);
  return {
    value: Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
    issues: parts.flatMap(([, part]) => part.issues),
  };
}

function checkRecord(field: RecordField, value: unknown, current: unknown, path: string): Checked {
  if (!isPlainObject(value)) return notAnObject(field, value, path);
  const old = isPlainObject(current) ? current : {};
  const issues: Issue[] = [];
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(field.fields)) {
    const checked = checkMember(member, value[name], old[name], join(path, name));
    issues.push(...checked.issues);
    if (checked.value !== undefined) result[name] = checked.value;
  }
  for (const name of Object.keys({ ...old, ...value })) {
    if (Object.hasOwn(field.fields, name)) continue;
    // A field of a newer version stays as it is; one that nobody knows is a mistake of the caller.
    if (Object.hasOwn(old, name)) result[name] = value[name] ?? old[name];
    else issues.push(unknownField(field, join(path, name)));
  }
  return { value: result, issues };
}

function checkMember(member: Member, value: unknown, current: unknown, path: string): Checked {
  const { field, absent } = member;
  if (value !== undefined) return checkValue(field, value, current, path);
  if (field.type === 'text' && field.visibility === 'hidden' && current !== undefined) return accepted(current);
  if (absent === 'required') return missing(field, path);
  return accepted(absent === 'optional' ? undefined : absent.default);
}

function accepted(value: unknown): Checked {
  return { value, issues: [] };
}

function refused(path: string, issue: Omit<Issue, 'path'>): Checked {
  return { value: undefined, issues: [{ path, ...issue }] };
}

function missing(field: Field, path: string): Checked {
  const allowed = describeAllowed(field);
  const name = field.type === 'text' && field.sentAs !== undefined ? path.replace(/[^.]*$/, field.sentAs) : path;
  return refused(name, { problem: `is missing; send ${allowed}`, allowed });
}

function notAnObject(field: Field, value: unknown, path: string): Checked {
  const given = show(value);
  return refused(path, { given, problem: `${given} is not an object`, allowed: describeAllowed(field) });
}

function unknownField(record: RecordField, path: string): Issue {
  const allowed = joinWords(sentNames(record));
  return { path, problem: `is unknown; use ${allowed}`, allowed };
}

/** The fields that a caller may send. */
function sentNames({ fields }: RecordField): readonly string[] {
  return Object.entries(fields).map(([name, { field }]) =>
    field.type === 'text' && field.sentAs !== undefined ? field.sentAs : name,
  );
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function joinWords(words: readonly string[], last = 'or'): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
