import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Report } from '../report.ts';
import { inputRows, writeInput } from './copy.ts';
import { runJob } from './job.ts';
import { channel, cpuSeconds } from './measuring.ts';

const rounds = 3;
const names = ['Id', 'Line1', 'Line2', 'City', 'State', 'Zip'];

/** One file through Transformer, Conditional Router and Sorter into two. */
export async function measureTransform(folder: string, report: Report): Promise<void> {
  writeInput(join(folder, 'in.csv'));
  const measure = { suite: 'dataflow', measure: 'transform-route-sort', unit: 'rows/CPU s' };
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const seconds = await cpuSeconds(() => runJob(folder, job));
    // The first round compiles.
    if (round > 0) rates.push(inputRows / seconds);
  }
  const written = ['east.csv', 'west.csv'].map((name) => countRows(join(folder, name)));
  if (written[0] !== inputRows - (written[1] ?? 0))
    throw new Error(`${written.join(' and ')} of ${inputRows} rows came`);
  report.note(`transform, route and sort: ${written.join(' and ')} rows in two files`);
  report.add({ ...measure, value: median(rates) });
}

function countRows(path: string): number {
  return readFileSync(path, 'utf8').split('\n').length - 2;
}

const job = {
  stages: [
    { id: 'read', type: 'ReadFromFile', settings: { file: 'in.csv', fields: names.map((name) => ({ name })) } },
    {
      id: 'change',
      type: 'Transformer',
      settings: {
        transforms: [
          { kind: 'case', field: 'Line1', case: 'upper' },
          { kind: 'construct', template: `\${City}, \${State} \${Zip}`, to: 'LastLine' },
          { kind: 'custom', to: 'Half', expression: "Zip < '65000' ? 'west' : 'east'" },
        ],
      },
    },
    {
      id: 'route',
      type: 'ConditionalRouter',
      settings: {
        conditions: [{ port: 'west', all: [{ field: 'Half', operator: 'is equal to', value: 'west' }] }],
        default: 'east',
      },
    },
    { id: 'sort', type: 'Sorter', settings: { keys: [{ field: 'Zip' }, { field: 'Line1' }] } },
    { id: 'west', type: 'WriteToFile', settings: { file: 'west.csv' } },
    { id: 'east', type: 'WriteToFile', settings: { file: 'east.csv' } },
  ],
  channels: [
    'read.output_port > change.input_port',
    'change.output_port > route.input_port',
    'route.west > sort.input_port',
    'sort.output_port > west.input_port',
    'route.east > east.input_port',
  ].map(channel),
};
