import type { Field, Member, RecordField, TextField } from './schema.ts';

/** A field whose checked value has the type `Value`. */
export type TypedField<Value> = Field & { readonly [checkedValue]?: readonly [Value] };

/** A member of a record whose checked value has the type `Value`. */
export interface TypedMember<Value> extends Member {
  readonly [checkedValue]?: readonly [Value];
}

/** The type of a checked value, derived from its field: nothing is described twice. */
export type ValueOf<Typed> = Typed extends { readonly [checkedValue]?: readonly [infer Value] } ? Value : never;

declare const checkedValue: unique symbol;

type Members = Readonly<Record<string, TypedMember<unknown>>>;

type RecordOf<Fields extends Members> = {
  readonly [Name in keyof Fields as undefined extends ValueOf<Fields[Name]> ? never : Name]: ValueOf<Fields[Name]>;
} & {
  readonly [Name in keyof Fields as undefined extends ValueOf<Fields[Name]> ? Name : never]?: ValueOf<Fields[Name]>;
};

export function text(
  description: string,
  rules: Partial<Omit<TextField, 'type' | 'description'>> = {},
): TypedField<string> {
  return { type: 'text', description, maximum: 4_000, ...rules };
}

export function choice<const Values extends readonly string[]>(
  description: string,
  values: Values,
): TypedField<Values[number]> {
  return { type: 'choice', description, values };
}

export function integer(description: string, minimum: number, maximum: number): TypedField<number> {
  return { type: 'integer', description, minimum, maximum };
}

export function flag(description: string): TypedField<boolean> {
  return { type: 'flag', description };
}

export function list<Value>(
  description: string,
  of: TypedField<Value>,
  maximum = 1_000,
  key?: string,
): TypedField<readonly Exclude<Value, undefined>[]> {
  return { type: 'list', description, of, maximum, ...(key === undefined ? {} : { key }) };
}

export function map<Value>(
  description: string,
  of: TypedField<Value>,
  maximum = 1_000,
): TypedField<Readonly<Record<string, Exclude<Value, undefined>>>> {
  return { type: 'map', description, of, maximum };
}

export function record<Fields extends Members>(
  description: string,
  fields: Fields,
): RecordField & TypedField<RecordOf<Fields>> {
  return { type: 'record', description, fields };
}

/** Any JSON, checked by whoever uses it. */
export function document(description: string): TypedField<unknown> {
  return { type: 'document', description };
}

export function required<Value>(field: TypedField<Value>): TypedMember<Exclude<Value, undefined>> {
  return { field, absent: 'required' };
}

export function optional<Value>(field: TypedField<Value>): TypedMember<Exclude<Value, undefined> | undefined> {
  return { field, absent: 'optional' };
}

/** A member that a write may leave out: it then has the default. */
export function preset<Value>(
  field: TypedField<Value>,
  defaultValue: Exclude<Value, undefined>,
): TypedMember<Exclude<Value, undefined>> {
  return { field, absent: { default: defaultValue } };
}
