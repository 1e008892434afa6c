import { randomUUID } from 'node:crypto';
import {
  createTextFormatter,
  type Layout,
  type LayoutField,
  type Problem,
  type Row,
  type StageContext,
  type StageType,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { databasesOf } from '../databases.ts';
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
    problems.push(...checkColumn(settings));
    const isNumber = method === 'sequential' && parts.length === 0;
    const layout = input.with([{ name: field, type: isNumber ? 'long' : 'string' }]);
    const position = layout.positionOf(field);
    return {
      outputs: new Map([['output_port', layout]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: method === 'uuid' || method === 'none',
      open: async (context) => {
        const { outputs } = context;
        let next = await findFirst(settings, context);
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

function checkColumn({ method, connection, table, column }: UniqueIdGeneratorSettings): Problem[] {
  const given = Object.entries({ connection, table, column });
  const missing = given.filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length === given.length) return [];
  if (method !== 'sequential') {
    const sentence = `method: numbers behind those of a database are sequential; use that method, or take connection, table and column out`;
    return [{ setting: 'method', sentence }];
  }
  return missing.map((setting) => ({
    setting,
    sentence: `${setting}: is missing; connection, table and column go together`,
  }));
}

/** A run that is taken over goes on; another one begins behind what the database has by now. */
async function findFirst(
  { start, connection, table, column }: UniqueIdGeneratorSettings,
  context: StageContext,
): Promise<bigint> {
  if (context.restored !== undefined) return BigInt(context.restored as string);
  if (connection === undefined || table === undefined || column === undefined) return BigInt(start);
  const session = await databasesOf(context).open(connection);
  const largest = await session.findMaximum(table, column).finally(() => session.close());
  if (largest === undefined) return BigInt(start);
  // Drivers write decimals with their point.
  const [, whole] = /^(-?\d+)(?:\.0*)?$/.exec(largest) ?? [];
  if (whole === undefined) {
    const sentence = `connection ${connection}: the largest ${column} of ${table} is ${JSON.stringify(largest.slice(0, 60))}, which is no whole number; name another column`;
    throw new SpectrumError('DATABASE_REFUSED', sentence, { connection });
  }
  const next = BigInt(whole) + 1n;
  return next > BigInt(start) ? next : BigInt(start);
}

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
