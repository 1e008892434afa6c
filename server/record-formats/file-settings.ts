import type { FieldType, LayoutField, Problem, TextFormats } from '../dataflow/index.ts';
import { createTextParser, defaultFormats, fieldTypes, Layout } from '../dataflow/index.ts';
import {
  choice,
  flag,
  integer,
  list,
  optional,
  preset,
  record,
  required,
  text,
  type ValueOf,
} from '../foundation/fields.ts';
import { createDelimitedCutter, createDelimitedFormatter, type DelimitedSyntax } from './delimited.ts';
import { encodingNames } from './encoding.ts';
import type { RecordCutter, RecordFormatter } from './format.ts';

const scalarTypes = fieldTypes.filter((type) => type !== 'list');

const field = record('A field of the file', {
  name: required(text('Name in the dataflow', { minimum: 1, maximum: 200 })),
  type: preset(choice('Type', scalarTypes), 'string'),
  format: optional(text('Pattern of a date or time, such as M/d/yyyy', { minimum: 1, maximum: 60 })),
  trim: preset(flag('Leave out spaces at both ends'), false),
});

/** How records stand in a file, for reading and writing alike (platform reference section 8.4). */
export const layoutMembers = {
  recordType: preset(choice('How records are written', ['delimited']), 'delimited'),
  encoding: preset(choice('Encoding of characters', encodingNames), 'UTF-8'),
  separator: preset(text('Between two fields', { minimum: 1, maximum: 10 }), ','),
  qualifier: preset(text('Around fields that hold a separator; empty for none', { maximum: 1 }), '"'),
  recordSeparator: preset(choice('Behind a record', ['LF', 'CRLF', 'CR']), 'LF'),
  hasHeader: preset(flag('The first record names the fields'), true),
  fields: required(list('The fields of a record, in order', field, 5_000)),
  recordLength: optional(integer('Characters of a record of fixed width, its end left out', 1, 1_000_000)),
} as const;

const layoutSettings = record('Layout of records', layoutMembers);

export type FileLayout = ValueOf<typeof layoutSettings>;
export type FileField = FileLayout['fields'][number];

const separators = { LF: '\n', CRLF: '\r\n', CR: '\r' } as const;

/** Text behind each record. Reading `LF` takes `CRLF` too, as files change systems. */
export function recordSeparatorOf({ recordSeparator }: FileLayout): string {
  return separators[recordSeparator];
}

export function createCutter(layout: FileLayout): RecordCutter {
  return createDelimitedCutter(delimitedSyntax(layout));
}

export function createFormatter(layout: FileLayout): RecordFormatter {
  return createDelimitedFormatter(delimitedSyntax(layout));
}

export function toLayout(fields: readonly FileField[]): Layout {
  return new Layout(fields.map(({ name, type }): LayoutField => ({ name, type: type as FieldType })));
}

/** Dates and times as a field writes them. */
export function formatsOf({ format }: FileField): TextFormats {
  return format === undefined ? defaultFormats : { date: format, time: format, datetime: format };
}

/** What is wrong with a layout that its schema cannot say. */
export function checkFileLayout({ fields, separator, qualifier }: FileLayout): Problem[] {
  const problems: Problem[] = [];
  if (fields.length === 0) problems.push({ setting: 'fields', sentence: 'fields: there is none; name at least one' });
  if (separator === qualifier) {
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
    problems.push(...checkPattern(one));
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

function delimitedSyntax({ separator, qualifier, ...layout }: FileLayout): DelimitedSyntax {
  return { separator, qualifier, recordSeparator: recordSeparatorOf({ separator, qualifier, ...layout }) };
}
