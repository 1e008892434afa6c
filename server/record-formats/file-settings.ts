import type { LayoutField, Problem, TextFormats } from '../dataflow/index.ts';
import { createTextParser, defaultFormats, fieldTypes, Layout } from '../dataflow/index.ts';
import {
  choice,
  flag,
  integer,
  list,
  map,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../foundation/fields.ts';
import type { DelimitedSyntax } from './delimited.ts';
import { encodingNames } from './encoding.ts';
import { parsePath } from './path.ts';

/** Where a field stands in a record of each type; for reading and writing alike. */
export const fieldPlaceMembers = {
  format: optional(text('Pattern of a date or time, such as M/d/yyyy', { minimum: 1, maximum: 60 })),
  position: optional(integer('First character in a record of fixed positions, counted from 1', 1, 1_000_000)),
  length: optional(integer('Characters in a record of fixed positions', 1, 1_000_000)),
  path: optional(
    text(
      'json lines, parquet: such as address.lines[1], parquet without numbers; xml: such as Street/Line[1] or Region/@code; the name when absent',
      {
        minimum: 1,
        maximum: 500,
      },
    ),
  ),
  scale: optional(
    integer('parquet: digits behind the point of a bigdecimal; it is written as text when absent', 0, 38),
  ),
} as const;

const scalarMembers = {
  name: required(text('Name in the dataflow', { minimum: 1, maximum: 200 })),
  trim: preset(flag('Leave out spaces at both ends'), false),
  ...fieldPlaceMembers,
} as const;

const elementField = record('A field of a record in a list', {
  ...scalarMembers,
  type: preset(
    choice(
      'Type',
      fieldTypes.filter((type) => type !== 'list'),
    ),
    'string',
  ),
});

const field = record('A field of the file', {
  ...scalarMembers,
  type: preset(choice('Type', fieldTypes), 'string'),
  fields: optional(list('list: fields of its records, their paths from there; . is the record itself', elementField)),
});

const recordTypes = ['delimited', 'fixed width', 'line sequential', 'json lines', 'xml', 'parquet'] as const;

/** How records stand in a file, for reading and writing alike (platform reference section 8.4). */
export const layoutMembers = {
  recordType: preset(
    choice(
      'delimited: separators; fixed width: characters, one record behind the other; line sequential: the same in lines; json lines; xml; parquet',
      recordTypes,
    ),
    'delimited',
  ),
  encoding: preset(choice('Encoding of characters', encodingNames), 'UTF-8'),
  separator: preset(text('delimited: between two fields', { minimum: 1, maximum: 10 }), ','),
  qualifier: preset(text('delimited: around fields that hold a separator; empty for none', { maximum: 1 }), '"'),
  recordSeparator: preset(choice('Behind a record', ['LF', 'CRLF', 'CR']), 'LF'),
  hasHeader: preset(flag('delimited: the first record names the fields'), true),
  fields: required(list('The fields of a record, in order', field, 5_000)),
  recordLength: optional(
    integer('fixed width: characters of a record; up to the last field when absent', 1, 1_000_000),
  ),
  recordElement: preset(text('xml: element of a record', { minimum: 1, maximum: 200 }), 'record'),
  rootElement: preset(text('xml: element around all records, for writing', { minimum: 1, maximum: 200 }), 'records'),
  namespaces: preset(
    map('xml: URIs by the prefixes of names; a name without prefix stands for every namespace', text('URI')),
    {},
  ),
} as const;

const layoutSettings = record('Layout of records', layoutMembers);

export type FileLayout = ValueOf<typeof layoutSettings>;
export type FileField = FileLayout['fields'][number];

const separators = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;

/** Text behind each record. Reading `LF` takes `CRLF` too, as files change systems. */
export function recordSeparatorOf({ recordSeparator }: FileLayout): string {
  return separators[recordSeparator];
}

/** Whether the first record names the fields. */
export function hasHeaderRecord({ recordType, hasHeader }: Pick<FileLayout, 'recordType' | 'hasHeader'>): boolean {
  return recordType === 'delimited' && hasHeader;
}

/** Whether fields are found by their positions. */
export function hasFixedPositions({ recordType }: Pick<FileLayout, 'recordType'>): boolean {
  return recordType === 'fixed width' || recordType === 'line sequential';
}

export function toLayout(fields: readonly FileField[]): Layout {
  return new Layout(fields.map(toLayoutField));
}

function toLayoutField({ name, type, fields }: FileField): LayoutField {
  return type === 'list' ? { name, type, fields: (fields ?? []).map(toLayoutField) } : { name, type };
}

/** Dates and times as a field writes them. */
export function formatsOf({ format }: Pick<FileField, 'format'>): TextFormats {
  return format === undefined ? defaultFormats : { date: format, time: format, datetime: format };
}

/** What is wrong with a layout that its schema cannot say. */
export function checkFileLayout(layout: FileLayout): Problem[] {
  const { fields, separator, qualifier, recordType } = layout;
  const problems: Problem[] = [];
  if (fields.length === 0) problems.push({ setting: 'fields', sentence: 'fields: there is none; name at least one' });
  if (recordType === 'delimited' && separator === qualifier) {
    problems.push({
      setting: 'qualifier',
      sentence: `qualifier: ${JSON.stringify(qualifier)} is the separator too; choose another`,
    });
  }
  const seen = new Set<string>();
  for (const one of fields) {
    if (seen.has(one.name))
      problems.push({ setting: 'fields', field: one.name, sentence: `fields: ${one.name} is there twice; rename one` });
    seen.add(one.name);
    problems.push(...checkPattern(one), ...checkPlace(one, layout));
  }
  return problems;
}

function checkPattern(one: FileField): Problem[] {
  try {
    createTextParser(one.type, formatsOf(one));
    return [];
  } catch (error) {
    return [
      { setting: 'fields', field: one.name, sentence: `fields: format of ${one.name}: ${(error as Error).message}` },
    ];
  }
}

const nestedTypes: readonly FileLayout['recordType'][] = ['json lines', 'xml', 'parquet'];

function checkPlace(one: FileField, layout: FileLayout): Problem[] {
  const refuse = (sentence: string): Problem[] => [
    { setting: 'fields', field: one.name, sentence: `fields: ${one.name} ${sentence}` },
  ];
  if (hasFixedPositions(layout) && one.length === undefined)
    return refuse('has no length; say how many characters it has');
  const isNested = nestedTypes.includes(layout.recordType);
  if (one.type === 'list' && !isNested)
    return refuse(`is a list; only records of ${nestedTypes.join(' and ')} have lists`);
  if (!isNested || one.path === undefined) return [];
  try {
    const steps = parsePath(one.path, layout.recordType === 'xml' ? '/' : '.');
    const isNumbered = layout.recordType === 'parquet' && steps.some(({ index }) => index !== undefined);
    return isNumbered ? refuse('has a number in its path; read the list itself, as a field of type list') : [];
  } catch (error) {
    return refuse(`has a path that cannot be read: ${(error as Error).message}`);
  }
}

export function delimitedSyntax(layout: FileLayout): DelimitedSyntax {
  const { separator, qualifier } = layout;
  return { separator, qualifier, recordSeparator: recordSeparatorOf(layout) };
}
