import { type FieldType, fieldTypes } from '../dataflow/index.ts';

/** A field type by its name in a file, whose letters may be capitals; undefined for one that is not known here. */
export function readFieldType(name: string): Exclude<FieldType, 'list'> | undefined {
  const type = fieldTypes.find((known) => known === name.toLowerCase());
  return type === 'list' ? undefined : type;
}

/** The name of a field type in a file; undefined when the format has none. */
export function writeFieldType(type: unknown): string | undefined {
  if (type === 'geometry') return 'Geometry';
  return typeof type === 'string' && type !== 'list' ? type : undefined;
}
