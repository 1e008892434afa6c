/** What one field of an object may hold: validation, JSON Schema and forms are derived from it. */
export type Field =
  | TextField
  | { readonly type: 'choice'; readonly description: string; readonly values: readonly string[] }
  | { readonly type: 'integer'; readonly description: string; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'flag'; readonly description: string }
  | { readonly type: 'list'; readonly description: string; readonly of: Field; readonly maximum: number }
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

/** Something wrong with a value: which field, and a sentence without its name. */
interface Issue {
  readonly path: string;
  readonly problem: string;
}

/** The value completed with defaults, or what is wrong with it; `current` is what a write replaces. */
export function checkValue(field: Field, value: unknown, current: unknown, path: string): Checked {
  switch (field.type) {
    case 'text':
      return checkText(field, value, path);
    case 'choice':
      if (typeof value === 'string' && field.values.includes(value)) return accepted(value);
      return refused(path, `${show(value)} is not allowed; use ${joinWords(field.values)}`);
    case 'integer':
      if (Number.isInteger(value) && Number(value) >= field.minimum && Number(value) <= field.maximum) {
        return accepted(value);
      }
      return refused(
        path,
        `${show(value)} is not allowed; use a whole number from ${field.minimum} to ${field.maximum}`,
      );
    case 'flag':
      return typeof value === 'boolean' ? accepted(value) : refused(path, `${show(value)} is not true or false`);
    case 'list':
      return checkList(field, value, path);
    case 'map':
      return checkMap(field, value, current, path);
    case 'record':
      return checkRecord(field, value, current, path);
    case 'document':
      return value === undefined ? refused(path, 'is missing') : accepted(value);
  }
}

export type Checked = { readonly value: unknown; readonly issues: readonly Issue[] };

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkText(field: TextField, value: unknown, path: string): Checked {
  if (typeof value !== 'string') return refused(path, `${show(value)} is not text`);
  const minimum = field.minimum ?? 0;
  if (value.length < minimum || value.length > field.maximum) {
    return refused(path, `has ${value.length} characters; allowed are ${minimum} to ${field.maximum}`);
  }
  if (!field.pattern || field.pattern.test(value)) return accepted(value);
  const given = field.visibility === 'hidden' ? 'the value' : show(value);
  return refused(path, `${given} is not allowed; use ${field.allowed ?? String(field.pattern)}`);
}

function checkList(field: Extract<Field, { type: 'list' }>, value: unknown, path: string): Checked {
  if (!Array.isArray(value)) return refused(path, `${show(value)} is not a list`);
  if (value.length > field.maximum) {
    return refused(path, `has ${value.length} entries; at most ${field.maximum} are allowed`);
  }
  const parts = value.map((part, index) => checkValue(field.of, part, undefined, `${path}[${index}]`));
  return { value: parts.map((part) => part.value), issues: parts.flatMap((part) => part.issues) };
}

function checkMap(field: Extract<Field, { type: 'map' }>, value: unknown, current: unknown, path: string): Checked {
  if (!isPlainObject(value)) return refused(path, `${show(value)} is not an object`);
  const names = Object.keys(value);
  if (names.length > field.maximum) {
    return refused(path, `has ${names.length} entries; at most ${field.maximum} are allowed`);
  }
  const old = isPlainObject(current) ? current : {};
  const parts = names.map((name) => [name, checkValue(field.of, value[name], old[name], join(path, name))] as const);
  return {
    value: Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
    issues: parts.flatMap(([, part]) => part.issues),
  };
}

function checkRecord(field: RecordField, value: unknown, current: unknown, path: string): Checked {
  if (!isPlainObject(value)) return refused(path, `${show(value)} is not an object`);
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
    else issues.push({ path: join(path, name), problem: `is unknown; use ${joinWords(Object.keys(field.fields))}` });
  }
  return { value: result, issues };
}

function checkMember(member: Member, value: unknown, current: unknown, path: string): Checked {
  const { field, absent } = member;
  if (value !== undefined) return checkValue(field, value, current, path);
  if (field.type === 'text' && field.visibility === 'hidden' && current !== undefined) return accepted(current);
  if (absent === 'required') return refused(path, 'is missing');
  return accepted(absent === 'optional' ? undefined : absent.default);
}

function accepted(value: unknown): Checked {
  return { value, issues: [] };
}

function refused(path: string, problem: string): Checked {
  return { value: undefined, issues: [{ path, problem }] };
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function joinWords(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
