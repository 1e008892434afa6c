import { createTextFormatter, createTextParser, type Value } from '../dataflow/index.ts';
import { type FileField, formatsOf } from './file-settings.ts';

/** What a text that is no value of its field becomes: a complaint, or null. */
export type OnNoValue = 'malformed' | 'null';

/** Thrown while a record is read, and told as the reason why it is malformed. */
export class NoValue extends Error {}

/** Reads the text of a field. Throws `NoValue`. */
export function createFieldParser(field: FileField, onNoValue: OnNoValue): (text: string) => Value {
  const { name, type, trim, format } = field;
  if (type === 'string') return trim ? (text) => text.trim() : (text) => text;
  const parse = createTextParser(type, formatsOf(field));
  return (text) => {
    const value = parse(text);
    if (value !== undefined) return value;
    if (onNoValue === 'null') return null;
    const written = format === undefined ? '' : ` written as ${format}`;
    throw new NoValue(`${name}: ${JSON.stringify(text.slice(0, 60))} is no ${type}${written}`);
  };
}

/** The text of a value that is not null. */
export function createFieldFormatter(field: FileField): (value: Value) => string {
  return createTextFormatter(field.type, formatsOf(field));
}
