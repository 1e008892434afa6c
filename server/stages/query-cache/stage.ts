import {
  createTextFormatter,
  type Layout,
  type LayoutField,
  type Problem,
  type QueriedRow,
  type Row,
  type Stage,
  type StageContext,
  type StageType,
  type Value,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { checkNames } from '../databases.ts';
import { refuseField } from '../layouts.ts';
import { estimateRowBytes } from '../spilling/row-size.ts';
import { readGlobalCache, readLocalCache } from './cache-rows.ts';
import { type QueryCacheSettings, queryCacheDefinition } from './definition.ts';

export const queryCache: StageType<QueryCacheSettings> = {
  definition: queryCacheDefinition,
  plan: ({ settings, inputs }) => {
    const input = inputs.get('input_port') as Layout;
    const problems = checkSettings(settings, input);
    const output = problems.length > 0 ? input : input.with(settings.fields.map(({ name, type }) => ({ name, type })));
    const from = settings.keys.map((key) => key.from ?? key.field);
    return {
      outputs: new Map([['output_port', output]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      reads: (wanted) => new Set([...wanted, ...from]),
      open: (context) => openCache(settings, { input, output }, context),
    };
  },
};

/** What each type needs to be told. */
const neededOf = { global: ['cache'], local: ['connection', 'table'] } as const;

function checkSettings(settings: QueryCacheSettings, input: Layout): Problem[] {
  const { type, keys, fields, defaultValue } = settings;
  const problems = checkNames(
    'fields',
    fields.map(({ name }) => name),
  );
  for (const setting of neededOf[type]) {
    if (settings[setting] === undefined)
      problems.push({ setting, sentence: `${setting}: it is missing; a ${type} cache needs it` });
  }
  if (keys.length === 0) problems.push({ setting: 'keys', sentence: 'keys: there is none; name at least one' });
  for (const { field, from = field } of keys) {
    if (input.positionOf(from) < 0) problems.push(refuseField('keys', from, input));
  }
  if (defaultValue !== undefined && !fields.some((field) => field.type === 'string')) {
    const sentence = 'defaultValue: no text field is added; leave it out';
    problems.push({ setting: 'defaultValue', sentence });
  }
  return problems;
}

interface Layouts {
  readonly input: Layout;
  readonly output: Layout;
}

async function openCache(settings: QueryCacheSettings, layouts: Layouts, context: StageContext): Promise<Stage> {
  const { keys, fields, noMatch, defaultValue } = settings;
  const keyFields = keys.map(({ field, from = field }): LayoutField => {
    return { name: field, type: layouts.input.find(from)?.type ?? 'string' };
  });
  const formatters = keyFields.map(({ type }) => createTextFormatter(type));
  const toKey = (values: readonly Value[]) =>
    values.includes(null) ? undefined : values.map((value, index) => formatters[index]?.(value)).join('\0');
  const found = await loadRows(settings, keyFields, toKey, context);
  const positions = keys.map(({ field, from = field }) => layouts.input.positionOf(from));
  const targets = fields.map(({ name }) => layouts.output.positionOf(name));
  const nothing = fields.map(({ type }) => (type === 'string' ? (defaultValue ?? null) : null));
  const output = context.outputs.get('output_port');
  return {
    process(rows) {
      const given: Row[] = [];
      for (const row of rows) {
        const key = toKey(positions.map((position) => row[position] ?? null));
        const match = key === undefined ? undefined : found.get(key);
        if (match === undefined && noMatch === 'leave out') continue;
        const merged: Row = Array.from({ length: layouts.output.width }, (_, index) => row[index] ?? null);
        for (const [index, target] of targets.entries()) merged[target] = (match ?? nothing)[index] ?? null;
        given.push(merged);
      }
      return output?.write(given);
    },
  };
}

/** The fields that are added, by key; of several rows with one key the first counts. */
async function loadRows(
  { type, cache = '', connection = '', table = '', fields, memoryMiB }: QueryCacheSettings,
  keyFields: readonly LayoutField[],
  toKey: (values: readonly Value[]) => string | undefined,
  context: StageContext,
): Promise<ReadonlyMap<string, Row>> {
  const added = fields.map(({ name, column, type: fieldType }) => ({ name: column ?? name, type: fieldType }));
  const wanted = [...keyFields, ...added];
  const batches =
    type === 'global'
      ? readGlobalCache(cache, wanted, context)
      : readLocalCache({ connection, table }, wanted, context);
  const found = new Map<string, Row>();
  let bytes = 0;
  for await (const rows of batches) {
    context.signal.throwIfAborted();
    for (const row of rows) {
      const values = valuesOf(row, context);
      const key = toKey(values.slice(0, keyFields.length));
      if (key === undefined || found.has(key)) continue;
      const kept = values.slice(keyFields.length);
      found.set(key, kept);
      bytes += estimateRowBytes(kept) + estimateRowBytes([key]);
    }
    if (bytes > memoryMiB * 1_048_576) throw tooLarge(memoryMiB, found.size, context);
  }
  return found;
}

function valuesOf(row: QueriedRow, { stage }: StageContext): Row {
  if (typeof row !== 'string') return row;
  throw new SpectrumError('INVALID_REQUEST', `stage ${stage}: a record of the cache: ${row}; set the type that it has`);
}

function tooLarge(memoryMiB: number, rows: number, { stage }: StageContext): SpectrumError {
  const sentence = `stage ${stage}: memoryMiB: the cache takes more than ${memoryMiB} MiB after ${rows} keys; allow more, or use Query DB`;
  return new SpectrumError('INVALID_REQUEST', sentence, { memoryMiB, rows });
}
