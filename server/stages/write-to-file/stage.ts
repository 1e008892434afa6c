import type { Layout, LayoutField, Problem, Row, StageType } from '../../dataflow/index.ts';
import { checkFileLayout, createRowFormatter, type FileField, type FileLayout } from '../../record-formats/index.ts';
import { refuseField } from '../layouts.ts';
import { type WriteToFileSettings, writeToFileDefinition } from './definition.ts';
import { openParquetFile } from './parquet-file.ts';
import { openTextFile } from './text-file.ts';

export const writeToFile: StageType<WriteToFileSettings> = {
  definition: writeToFileDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const names = settings.fields ?? input.names().map((name) => ({ name }));
    const problems = names
      .filter(({ name }) => input.positionOf(name) < 0)
      .map(({ name }) => refuseField('fields', name, input));
    const fields =
      problems.length > 0 ? [] : names.map((field) => toFileField(field, input.find(field.name) as LayoutField));
    const layout: FileLayout = { ...settings, fields };
    if (problems.length === 0) problems.push(...checkFileLayout(layout), ...checkMode(settings));
    const pick = createPick(
      names.map(({ name }) => input.positionOf(name)),
      input,
    );
    return {
      outputs: new Map(),
      problems,
      flow: 'streaming',
      // The end of a Parquet file says where everything in it is: a new owner begins anew.
      canResume: settings.recordType !== 'parquet',
      reads: () => new Set(names.map(({ name }) => name)),
      async open(context) {
        if (layout.recordType === 'parquet') return openParquetFile(settings, { fields, pick }, context);
        const formatter = createRowFormatter(layout);
        const file = await openTextFile(settings, formatter, context);
        return {
          process(rows) {
            let text = '';
            for (const row of rows) text += formatter.format(pick(row));
            return file.write(text);
          },
          finish: () => file.finish(),
          checkpoint: () => file.checkpoint(),
          close: () => file.close(),
        };
      },
    };
  },
};

function toFileField(
  { name, as, ...place }: NonNullable<WriteToFileSettings['fields']>[number],
  { type, fields = [] }: LayoutField,
): FileField {
  // Lists in lists are written as text by their fields.
  const inner = fields.map((field) => ({
    name: field.name,
    type: field.type === 'list' ? ('string' as const) : field.type,
    trim: false,
  }));
  return { ...place, name: as ?? name, type, trim: false, ...(type === 'list' && { fields: inner }) };
}

/** Files with an end of their own. */
const wholeTypes: ReadonlySet<string> = new Set(['xml', 'parquet']);

function checkMode({ mode, recordType, server }: WriteToFileSettings): Problem[] {
  if (mode === 'append' && server !== undefined)
    return [
      { setting: 'mode', sentence: 'mode: nothing can be appended to a file of a server; use overwrite or refuse' },
    ];
  if (mode !== 'append' || !wholeTypes.has(recordType)) return [];
  return [
    {
      setting: 'mode',
      sentence: `mode: nothing can follow the end of a file of ${recordType}; use overwrite or refuse`,
    },
  ];
}

/** The values that are written, in order; the row itself when it is just that. */
function createPick(positions: readonly number[], input: Layout): (row: Row) => Row {
  if (positions.length === input.width && positions.every((position, index) => position === index)) return (row) => row;
  return (row) => positions.map((position) => row[position] ?? null);
}
