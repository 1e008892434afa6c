import { randomUUID } from 'node:crypto';
import { createTextFormatter, type Layout, type LayoutField, type Row, type StageType } from '../../dataflow/index.ts';
import { refuseField } from '../layouts.ts';
import { type UniqueIdGeneratorSettings, uniqueIdGeneratorDefinition } from './definition.ts';
import { keysOf } from './key-algorithms.ts';

export const uniqueIdGenerator: StageType<UniqueIdGeneratorSettings> = {
  definition: uniqueIdGeneratorDefinition,
  plan: ({ settings, inputs }) => {
    const { method, parts, field } = settings;
    const input = inputs.get('input_port') as Layout;
    const problems = parts
      .filter((part) => input.positionOf(part.field) < 0)
      .map((part) => refuseField('parts', part.field, input));
    const isNumber = method === 'sequential' && parts.length === 0;
    const layout = input.with([{ name: field, type: isNumber ? 'long' : 'string' }]);
    const position = layout.positionOf(field);
    return {
      outputs: new Map([['output_port', layout]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: method === 'uuid' || method === 'none',
      open: ({ outputs, restored }) => {
        let next = BigInt((restored as string | undefined) ?? settings.start);
        const toKey = createKey(settings, input);
        const ids: Readonly<Record<typeof method, () => string>> = {
          sequential: () => String(next++),
          datetime: () => formatMoment(new Date()) + String(next++).padStart(6, '0'),
          uuid: randomUUID,
          none: () => '',
        };
        const createId = ids[method];
        return {
          process(rows) {
            for (const row of rows) row[position] = isNumber ? next++ : toKey(row) + createId();
            return outputs.get('output_port')?.write(rows);
          },
          checkpoint: () => String(next),
        };
      },
    };
  },
};

function createKey({ parts }: UniqueIdGeneratorSettings, layout: Layout): (row: Row) => string {
  const readers = parts.map(({ field, algorithm, from, length }) => {
    const position = layout.positionOf(field);
    const format = createTextFormatter((layout.fields[position] as LayoutField).type);
    const end = length === undefined ? undefined : from - 1 + length;
    return (row: Row) => keysOf[algorithm](format(row[position] ?? null)).slice(from - 1, end);
  });
  return (row) => readers.map((read) => read(row)).join('');
}

/** Year to millisecond in UTC, such as `20260131235959123`. */
function formatMoment(moment: Date): string {
  return moment.toISOString().replace(/\D/g, '');
}
