import {
  createTextFormatter,
  type Layout,
  type OutputFile,
  type Problem,
  type Row,
  type Stage,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { findClosestName } from '../../foundation/closest-name.ts';
import { createEncoding, createFormatter, type FileLayout, formatsOf } from '../../record-formats/index.ts';
import { type WriteToFileSettings, writeToFileDefinition } from './definition.ts';

/** A column of the file: where its value is in a row, and how it is written. */
interface Column {
  readonly header: string;
  readonly position: number;
  /** Undefined for strings, which are written as they are. */
  readonly format: ReturnType<typeof createTextFormatter> | undefined;
}

export const writeToFile: StageType<WriteToFileSettings> = {
  definition: writeToFileDefinition,
  plan: ({ settings, inputs }) => {
    const layout = inputs.get('input_port') as Layout;
    const { columns, problems } = planColumns(settings, layout);
    return {
      outputs: new Map(),
      problems,
      flow: 'streaming',
      canResume: true,
      open: (context) => openFile(settings, columns, context),
    };
  },
};

function planColumns(settings: WriteToFileSettings, layout: Layout) {
  const problems: Problem[] = [];
  const fields: NonNullable<WriteToFileSettings['fields']> =
    settings.fields ?? layout.names().map((name) => ({ name }));
  const columns = fields.map(({ name, as, format }): Column => {
    const type = layout.find(name)?.type ?? 'string';
    if (layout.positionOf(name) < 0) problems.push(refuseField(name, layout));
    return {
      header: as ?? name,
      position: layout.positionOf(name),
      format: type === 'string' ? undefined : planFormat(name, type, format, problems),
    };
  });
  return { columns, problems };
}

function planFormat(
  name: string,
  type: Parameters<typeof createTextFormatter>[0],
  format: string | undefined,
  problems: Problem[],
) {
  try {
    return createTextFormatter(type, formatsOf({ name, type: 'string', trim: false, ...(format && { format }) }));
  } catch (error) {
    problems.push({
      setting: 'fields',
      field: name,
      sentence: `fields: format of ${name}: ${(error as Error).message}`,
    });
    return undefined;
  }
}

function refuseField(name: string, layout: Layout): Problem {
  const closest = findClosestName(name, layout.names());
  const advice = closest ? `; did you mean ${closest}?` : '';
  return { port: 'input_port', setting: 'fields', field: name, sentence: `fields: no field ${name} arrives${advice}` };
}

async function openFile(
  settings: WriteToFileSettings,
  columns: readonly Column[],
  context: StageContext,
): Promise<Stage> {
  const restored = context.restored as { readonly sizeBytes: number } | undefined;
  const { file: path, mode } = settings;
  const file = await context.resources.files.create(path, {
    mode,
    ...(restored && { continueAt: restored.sizeBytes }),
  });
  const formatter = createFormatter({ ...settings, fields: [] } as unknown as FileLayout);
  const encoding = createEncoding(settings.encoding);
  const write = (text: string) => file.write(encoding.encode(text));
  // A file that is appended to has its header already.
  if (settings.hasHeader && file.sizeBytes === 0) await write(formatter.format(columns.map(({ header }) => header)));
  return {
    process(rows) {
      if (rows.length === 0) return;
      let text = '';
      for (const row of rows) text += formatter.format(toTexts(row, columns));
      return write(text);
    },
    checkpoint: () => checkpoint(file),
    close: () => file.close(),
  };
}

function toTexts(row: Row, columns: readonly Column[]): string[] {
  return columns.map(({ position, format }) => {
    const value = row[position] ?? null;
    return format === undefined ? ((value as string | null) ?? '') : format(value);
  });
}

async function checkpoint(file: OutputFile): Promise<{ readonly sizeBytes: number }> {
  await file.sync();
  return { sizeBytes: file.sizeBytes };
}
