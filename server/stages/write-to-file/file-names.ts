import { basename, dirname, join } from 'node:path';
import { createTextFormatter, type Layout, type LayoutField, type Problem, type Row } from '../../dataflow/index.ts';
import { parsePlaces } from '../databases.ts';
import { refuseField } from '../layouts.ts';
import type { WriteToFileSettings } from './definition.ts';

/** What no name of a file has everywhere, folders and hidden files included. */
const unfit = /[/\\:*?"<>|\p{Cc}]|^\.|^$/gu;
const longestPart = 100;

/** Names of the fields whose values stand in the name of the file. */
export function listNamedFields({ file }: WriteToFileSettings): readonly string[] {
  return parsePlaces(file).names;
}

export function checkFileNames(settings: WriteToFileSettings, input: Layout): Problem[] {
  const names = listNamedFields(settings);
  const refuse = (sentence: string): Problem => ({ setting: 'file', sentence: `file: ${sentence}` });
  const problems = names.flatMap((name) => {
    const type = input.find(name)?.type;
    if (type === undefined) return [refuseField('file', name, input)];
    return type === 'list' || type === 'geometry' ? [refuse(`${name} is a ${type}, which is no name of a file`)] : [];
  });
  if (names.length > 0 && settings.recordType === 'parquet')
    problems.push(refuse('every file of parquet keeps its rows in memory; write one, with a fixed name'));
  const isNumbered = settings.recordsPerFile !== undefined;
  if (isNumbered && settings.mode === 'append')
    problems.push({
      setting: 'recordsPerFile',
      sentence: 'recordsPerFile: nothing can be appended to numbered files; use mode overwrite or refuse',
    });
  return problems;
}

/** Derives the path of the file that a record goes to. */
export function createPathReader(settings: WriteToFileSettings, input: Layout): (row: Row) => string {
  const { texts, names } = parsePlaces(settings.file);
  const parts = names.map((name, index) => {
    const { type } = input.find(name) as LayoutField;
    return {
      position: input.positionOf(name),
      format: createTextFormatter(type),
      behind: texts[index + 1] ?? '',
    };
  });
  return (row) => {
    let path = texts[0] ?? '';
    for (const { position, format, behind } of parts) {
      const value = row[position] ?? null;
      path += toNamePart(value === null ? '' : format(value)) + behind;
    }
    return path;
  };
}

/** A value may say anything; it leads to no other folder, and nothing at all is `_`. */
function toNamePart(text: string): string {
  return text.slice(0, longestPart).replace(unfit, '_');
}

/** `lists/out.csv.gz` becomes `lists/out-2.csv.gz`. */
export function numberFile(path: string, number: number): string {
  const [, stem = '', extensions = ''] = /^(.[^.]*)(.*)$/s.exec(basename(path)) ?? [];
  return join(dirname(path), `${stem}-${number}${extensions}`);
}
