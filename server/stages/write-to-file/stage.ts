import type { Layout, LayoutField, Problem, Row, Stage, StageContext, StageType } from '../../dataflow/index.ts';
import { checkFileLayout, createRowFormatter, type FileField, type FileLayout } from '../../record-formats/index.ts';
import { refuseField } from '../layouts.ts';
import { BatchWriter, writeAll } from '../spilling/row-cursor.ts';
import { checkSortFields, createRowOrder } from '../spilling/row-order.ts';
import { RowSorter } from '../spilling/row-sorter.ts';
import { SpillFolder } from '../spilling/spill-file.ts';
import { type WriteToFileSettings, writeToFileDefinition } from './definition.ts';
import { checkFileNames, createPathReader, listNamedFields } from './file-names.ts';
import { openParquetFile } from './parquet-file.ts';
import { type OpenFile, SplitFiles } from './split-files.ts';
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
    const sortedBy = (settings.sort ?? []).map(({ field }) => field);
    problems.push(
      ...checkFileNames(settings, input),
      ...checkSortFields(sortedBy, input, { port: 'input_port', setting: 'sort' }),
    );
    const pick = createPick(
      names.map(({ name }) => input.positionOf(name)),
      input,
    );
    return {
      outputs: new Map(),
      problems,
      flow: sortedBy.length > 0 ? 'blocking' : 'streaming',
      // The end of a Parquet file says where everything in it is, and nothing is written before all is sorted: a new
      // owner begins anew.
      canResume: settings.recordType !== 'parquet' && sortedBy.length === 0,
      reads: () => new Set([...names.map(({ name }) => name), ...listNamedFields(settings), ...sortedBy]),
      async open(context) {
        const open: OpenFile = (path, restored) =>
          layout.recordType === 'parquet'
            ? openParquetFile({ ...settings, file: path }, { fields, pick }, context)
            : openRecordFile({ ...settings, file: path }, { layout, pick }, { ...context, restored });
        const files = await openFiles(settings, input, open, context.restored);
        return sortedBy.length === 0 ? files : sortInto(files, settings, input, context);
      },
    };
  },
};

function openFiles(settings: WriteToFileSettings, input: Layout, open: OpenFile, restored: unknown): Promise<Stage> {
  const { file, recordsPerFile } = settings;
  const isNamed = listNamedFields(settings).length > 0;
  if (!isNamed && recordsPerFile === undefined) return open(file, restored);
  const pathOf = createPathReader(settings, input);
  return SplitFiles.open({ open, pathOf, emptyPath: isNamed ? undefined : file, recordsPerFile }, restored);
}

async function openRecordFile(
  settings: WriteToFileSettings,
  { layout, pick }: { readonly layout: FileLayout; pick(row: Row): Row },
  context: StageContext,
): Promise<Stage> {
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
}

/** Records wait until all have come, and are then written in order. */
function sortInto(
  files: Stage,
  { sort = [], sortMemoryMiB }: WriteToFileSettings,
  layout: Layout,
  { spillFolder }: StageContext,
): Stage {
  const folder = new SpillFolder(spillFolder);
  const order = createRowOrder(sort, layout);
  const rowSorter = new RowSorter({ layout, order, folder, memoryBytes: sortMemoryMiB * 1_048_576 });
  return {
    process(rows) {
      for (const row of rows) rowSorter.add(row);
    },
    async finish() {
      await writeAll(rowSorter.sorted(), new BatchWriter({ write: (rows) => files.process(rows, 'input_port') }));
      await files.finish?.();
    },
    async close() {
      folder.remove();
      await files.close?.();
    },
  };
}

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
