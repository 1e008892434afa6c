import {
  compileExpression,
  createTextFormatter,
  createTextParser,
  defaultFormats,
  type FieldType,
  Layout,
  type LayoutField,
  type Row,
  type TextFormats,
  type Value,
} from '../../dataflow/index.ts';
import { findClosestName } from '../../foundation/closest-name.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import type { Transform, transformKinds } from './definition.ts';

/** Changes a row, in place where it can. */
export type Change = (row: Row) => Row;

interface Planned {
  readonly layout: Layout;
  readonly change: Change;
}

/** What a transform does to rows of a layout, and what layout they have then. Throws `INVALID_DATAFLOW`. */
export function planTransform(transform: Transform, layout: Layout): Planned {
  return planners[transform.kind](transform, layout);
}

const planners: Readonly<Record<(typeof transformKinds)[number], (transform: Transform, layout: Layout) => Planned>> = {
  rename(transform, layout) {
    const position = readField(transform, layout);
    const to = need(transform, 'to');
    if (layout.positionOf(to) >= 0)
      throw refuse(`to: there is a field ${to} already; remove it first or choose another name`);
    const fields = layout.fields.map((field, index) => (index === position ? { ...field, name: to } : field));
    return { layout: new Layout(fields), change: (row) => row };
  },
  copy(transform, layout) {
    const position = readField(transform, layout);
    return assign(
      layout,
      { ...(layout.fields[position] as LayoutField), name: need(transform, 'to') },
      (row) => row[position] ?? null,
    );
  },
  cast(transform, layout) {
    const position = readField(transform, layout);
    const type = need(transform, 'type');
    const from = layout.fields[position]?.type as FieldType;
    const formats = formatsOf(transform);
    const format = createTextFormatter(from, type === 'string' ? formats : defaultFormats);
    const parse = createTextParser(type, from === 'string' ? formats : defaultFormats);
    const convert = (value: Value) => (value === null ? null : (parse(format(value)) ?? null));
    return assign(layout, { name: target(transform), type }, (row) => convert(row[position] ?? null));
  },
  case(transform, layout) {
    return ofText(transform, layout, letterCases[need(transform, 'case')]);
  },
  trim(transform, layout) {
    const { side = 'both' } = transform;
    return ofText(transform, layout, { left: trimStart, right: trimEnd, both: (text: string) => text.trim() }[side]);
  },
  'minimize whitespace': (transform, layout) => ofText(transform, layout, (text) => text.trim().replace(/\s+/g, ' ')),
  construct(transform, layout) {
    const parts = need(transform, 'template').split(/\$\{([^}]*)\}/);
    const readers = parts.map((part, index) => (index % 2 === 0 ? () => part : textReader(part, layout)));
    return assign(layout, { name: need(transform, 'to'), type: 'string' }, (row) =>
      readers.map((read) => read(row)).join(''),
    );
  },
  substring(transform, layout) {
    const { from = 1, length } = transform;
    return ofText(transform, layout, (text) =>
      text.slice(from - 1, length === undefined ? undefined : from - 1 + length),
    );
  },
  'remove substring': (transform, layout) => {
    const removed = need(transform, 'text');
    return ofText(transform, layout, (text) => (removed === '' ? text : text.replaceAll(removed, '')));
  },
  truncate(transform, layout) {
    const length = need(transform, 'length');
    const fromLeft = transform.side === 'left';
    return ofText(transform, layout, (text) =>
      fromLeft ? (length === 0 ? '' : text.slice(-length)) : text.slice(0, length),
    );
  },
  pad(transform, layout) {
    const length = need(transform, 'length');
    const { text: fill = ' ', side = 'right' } = transform;
    return ofText(transform, layout, (text) =>
      side === 'left' ? text.padStart(length, fill) : text.padEnd(length, fill),
    );
  },
  mask(transform, layout) {
    const kept = new Set(need(transform, 'text'));
    return ofText(transform, layout, (text) => [...text].filter((letter) => kept.has(letter)).join(''));
  },
  'remove field': (transform, layout) => {
    const position = readField(transform, layout);
    const fields = layout.fields.filter((_, index) => index !== position);
    return {
      layout: new Layout(fields),
      change(row) {
        row.splice(position, 1);
        return row;
      },
    };
  },
  status(transform, layout) {
    const isFailure = need(transform, 'status') === 'Fail';
    const { code = '', description = '' } = transform;
    const values: readonly (readonly [string, Value])[] = [
      ['Status', isFailure ? 'F' : null],
      ['Status.Code', isFailure ? code : ''],
      ['Status.Description', isFailure ? description : ''],
    ];
    let planned: Planned = { layout, change: (row) => row };
    for (const [name, value] of values) {
      const { layout: next, change } = assign(planned.layout, { name, type: 'string' }, () => value);
      const before = planned.change;
      planned = { layout: next, change: (row) => change(before(row)) };
    }
    return planned;
  },
  custom(transform, layout) {
    const node = compileExpression(need(transform, 'expression'), layout);
    const given = node.type === 'null' ? 'string' : node.type;
    const type = transform.type ?? given;
    const name = transform.to ?? need(transform, 'field');
    if (type === given) return assign(layout, { name, type }, node.evaluate);
    const [format, parse] = [createTextFormatter(given), createTextParser(type)];
    return assign(layout, { name, type }, (row) => {
      const value = node.evaluate(row);
      return value === null ? null : (parse(format(value)) ?? null);
    });
  },
};

const letterCases = {
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  title: (text: string) => text.toLowerCase().replace(/(?<![\p{L}\p{N}'])\p{L}/gu, (letter) => letter.toUpperCase()),
  sentence: (text: string) => text.toLowerCase().replace(/\p{L}/u, (letter) => letter.toUpperCase()),
} as const;

function trimStart(text: string): string {
  return text.trimStart();
}

function trimEnd(text: string): string {
  return text.trimEnd();
}

/** The layout with the field in its place or at the end, and the change that puts the value there. */
function assign(layout: Layout, field: LayoutField, read: (row: Row) => Value): Planned {
  const next = layout.with([field]);
  const position = next.positionOf(field.name);
  return {
    layout: next,
    change(row) {
      row[position] = read(row);
      return row;
    },
  };
}

function ofText(transform: Transform, layout: Layout, change: (text: string) => string): Planned {
  const position = readField(transform, layout);
  const type = layout.fields[position]?.type;
  if (type !== 'string') throw refuse(`field: ${transform.field} is a ${type}; cast it to string first`);
  return assign(layout, { name: target(transform), type: 'string' }, (row) => {
    const value = row[position];
    return typeof value === 'string' ? change(value) : null;
  });
}

function textReader(name: string, layout: Layout): (row: Row) => string {
  const position = positionOf(name, layout, 'template');
  const format = createTextFormatter(layout.fields[position]?.type as FieldType);
  return (row) => format(row[position] ?? null);
}

function target({ field, to }: Transform): string {
  return to ?? field ?? '';
}

function readField(transform: Transform, layout: Layout): number {
  return positionOf(need(transform, 'field'), layout, 'field');
}

function positionOf(name: string, layout: Layout, setting: string): number {
  const position = layout.positionOf(name);
  if (position >= 0) return position;
  const closest = findClosestName(name, layout.names());
  throw refuse(`${setting}: there is no field ${name}${closest ? `; did you mean ${closest}?` : ''}`);
}

function need<Name extends keyof Transform>(transform: Transform, name: Name): NonNullable<Transform[Name]> {
  const value = transform[name];
  if (value === undefined || value === null) throw refuse(`${name} is missing`);
  return value as NonNullable<Transform[Name]>;
}

function formatsOf({ format }: Transform): TextFormats {
  return format === undefined ? defaultFormats : { date: format, time: format, datetime: format };
}

function refuse(sentence: string): SpectrumError {
  return new SpectrumError('INVALID_DATAFLOW', sentence);
}
