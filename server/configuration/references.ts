import { type Field, isPlainObject } from '../foundation/schema.ts';
import type { Fold } from './fold.ts';
import { isConfigurationKind, kinds } from './kinds.ts';
import type { ConfigurationKind } from './model.ts';

/** A place in an object that names another object. */
export interface Reference {
  readonly path: string;
  readonly kind: ConfigurationKind;
  readonly name: string;
}

/** Every other object that a value names. */
export function referencesOf(kind: ConfigurationKind, value: unknown): Reference[] {
  return collect(kinds[kind].schema, value, '');
}

/** The objects that name the given one, as `kind/name`, in order. */
export function usersOf(fold: Fold, kind: ConfigurationKind, name: string): string[] {
  return fold
    .kinds()
    .filter(isConfigurationKind)
    .filter((other) => refersTo(kinds[other].schema, kind))
    .flatMap((other) =>
      fold
        .list(other)
        .filter(({ value }) => referencesOf(other, value).some((found) => found.kind === kind && found.name === name))
        .map((user) => `${user.kind}/${user.name}`),
    );
}

function refersTo(field: Field, kind: ConfigurationKind): boolean {
  switch (field.type) {
    case 'text':
      return field.refersTo === kind;
    case 'list':
    case 'map':
      return refersTo(field.of, kind);
    case 'record':
      return Object.values(field.fields).some((member) => refersTo(member.field, kind));
    default:
      return false;
  }
}

function collect(field: Field, value: unknown, path: string): Reference[] {
  switch (field.type) {
    case 'text':
      return field.refersTo && isConfigurationKind(field.refersTo) && typeof value === 'string'
        ? [{ path, kind: field.refersTo, name: value }]
        : [];
    case 'list':
      return Array.isArray(value) ? value.flatMap((part, index) => collect(field.of, part, `${path}[${index}]`)) : [];
    case 'map':
      return isPlainObject(value)
        ? Object.entries(value).flatMap(([name, part]) => collect(field.of, part, `${path}.${name}`))
        : [];
    case 'record':
      return isPlainObject(value)
        ? Object.entries(field.fields).flatMap(([name, member]) =>
            collect(member.field, value[name], path ? `${path}.${name}` : name),
          )
        : [];
    default:
      return [];
  }
}
