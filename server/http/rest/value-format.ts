import { type FieldDefinition, parseList, type ValueType } from '../../services/index.ts';

/** Writes the value of one field; undefined when the value says nothing and its field is to be left out. */
export type ValueFormat = (value: string) => string | undefined;

/** How an interface writes texts and lists; numbers and booleans are the same everywhere. */
export interface FormatTarget {
  text(value: string): string;
  /** A GeoJSON geometry (RFC 7946 section 3.1), which comes as its text. */
  geometry(value: string): string;
  list(definition: NonNullable<FieldDefinition['list']>, rows: ReturnType<typeof parseList>): string;
}

/** The format of each field that is not plain text, by its position; undefined where plain text is all there is. */
export function createFormats(
  fields: readonly FieldDefinition[],
  target: FormatTarget,
): readonly (ValueFormat | undefined)[] {
  return fields.map(({ type, list }) => {
    if (list !== undefined) return (value) => target.list(list, parseList(value));
    if (type === undefined) return undefined;
    // An empty number is no number: schemas and typed clients refuse it.
    return (value) => {
      if (value === '') return undefined;
      if (type === 'geometry') return target.geometry(value);
      return literals[type].test(value) ? value : target.text(value);
    };
  });
}

const wholeNumber = /^-?(?:0|[1-9]\d{0,18})$/;
const decimalNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Dates and times are texts in JSON. */
const none = /(?!)/;

/** Texts that are literals of the type in JSON and in XML Schema alike. */
const literals: Readonly<Record<Exclude<ValueType, 'geometry'>, RegExp>> = {
  boolean: /^(?:true|false)$/,
  integer: wholeNumber,
  long: wholeNumber,
  float: decimalNumber,
  double: decimalNumber,
  bigdecimal: decimalNumber,
  date: none,
  time: none,
  datetime: none,
};
