import type { Layout, StageType } from '../../dataflow/index.ts';
import { BatchWriter, writeAll } from '../spilling/row-cursor.ts';
import { checkSortFields, createRowOrder } from '../spilling/row-order.ts';
import { RowSorter } from '../spilling/row-sorter.ts';
import { SpillFolder } from '../spilling/spill-file.ts';
import { type SorterSettings, sorterDefinition } from './definition.ts';

export const sorter: StageType<SorterSettings> = {
  definition: sorterDefinition,
  plan: ({ settings: { keys, memoryMiB }, inputs }) => {
    const layout = inputs.get('input_port') as Layout;
    const place = { port: 'input_port', setting: 'keys' };
    const fields = keys.map(({ field }) => field);
    return {
      outputs: new Map([['output_port', layout]]),
      problems: checkSortFields(fields, layout, place),
      flow: 'blocking',
      canResume: false,
      // By the keys that its author has chosen.
      order: 'given',
      reads: (wanted) => new Set([...wanted, ...fields]),
      open: ({ outputs, spillFolder }) => {
        const folder = new SpillFolder(spillFolder);
        const order = createRowOrder(keys, layout);
        const rowSorter = new RowSorter({ layout, order, folder, memoryBytes: memoryMiB * 1_048_576 });
        return {
          process(rows) {
            for (const row of rows) rowSorter.add(row);
          },
          finish: () => writeAll(rowSorter.sorted(), new BatchWriter(outputs.get('output_port'))),
          close: () => folder.remove(),
        };
      },
    };
  },
};
