import { type Field, isPlainObject } from '../foundation/schema.ts';
import { isConfigurationKind, kinds } from './kinds.ts';

/**
 * A value as it may leave the server: without hidden fields. Fields that this version does not know stay out too,
 * since nobody here can tell whether they are secret.
 */
export function hideSecrets(kind: string, value: unknown): unknown {
  return isConfigurationKind(kind) ? show(kinds[kind].schema, value) : undefined;
}

function show(field: Field, value: unknown): unknown {
  switch (field.type) {
    case 'text':
      return field.visibility === 'hidden' ? undefined : value;
    case 'list':
      return Array.isArray(value) ? value.map((part) => show(field.of, part)) : value;
    case 'map':
      return isPlainObject(value) ? mapObject(value, (part) => show(field.of, part)) : value;
    case 'record':
      return isPlainObject(value) ? showRecord(field.fields, value) : value;
    default:
      return value;
  }
}

function showRecord(
  fields: Extract<Field, { type: 'record' }>['fields'],
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const shown = Object.entries(fields)
    .map(([name, member]) => [name, show(member.field, value[name])] as const)
    .filter(([, part]) => part !== undefined);
  return Object.fromEntries(shown);
}

function mapObject(value: Readonly<Record<string, unknown>>, convert: (part: unknown) => unknown) {
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, convert(part)]));
}
