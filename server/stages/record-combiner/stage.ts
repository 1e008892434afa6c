import type { Layout, Problem, Row, StageContext, StageType } from '../../dataflow/index.ts';
import { uniteLayouts } from '../layouts.ts';
import { BatchWriter, writeAll } from '../spilling/row-cursor.ts';
import { RowSpool } from '../spilling/row-spool.ts';
import { SpillFolder } from '../spilling/spill-file.ts';
import { type RecordCombinerSettings, recordCombinerDefinition } from './definition.ts';

export const recordCombiner: StageType<RecordCombinerSettings> = {
  definition: recordCombinerDefinition,
  plan: ({ settings: { preferredPort, memoryMiB }, inputs }) => {
    const problems: Problem[] = [];
    if (preferredPort !== undefined && !inputs.has(preferredPort)) {
      const sentence = `preferredPort: the input ports are ${[...inputs.keys()].join(', ')}`;
      problems.push({ port: preferredPort, setting: 'preferredPort', sentence });
    }
    const ordered = new Map([...inputs].sort(([a], [b]) => Number(b === preferredPort) - Number(a === preferredPort)));
    const { layout, problems: clashes } = uniteLayouts(ordered);
    return {
      outputs: new Map([['output_port', layout]]),
      problems: [...problems, ...clashes],
      flow: 'blocking',
      canResume: false,
      open: (context) => combine(ordered, layout, (memoryMiB * 1_048_576) / inputs.size, context),
    };
  },
};

/** Inputs may be far apart, and one may even wait for the end of another: what came first waits on disk. */
function combine(inputs: ReadonlyMap<string, Layout>, layout: Layout, memoryBytes: number, context: StageContext) {
  const folder = new SpillFolder(context.spillFolder);
  const spools = new Map([...inputs].map(([port, input]) => [port, new RowSpool(input, folder, memoryBytes)]));
  const targets = [...inputs.values()].map((input) => input.names().map((name) => layout.positionOf(name)));
  return {
    process(rows: Row[], port: string) {
      for (const row of rows) spools.get(port)?.add(row);
    },
    async finish() {
      const cursors = [...spools.values()].map((spool) => spool.open());
      const next = () => {
        const rows = cursors.map((cursor) => cursor.next());
        if (rows.every((row) => row === undefined)) return undefined;
        const combined: Row = new Array(layout.width).fill(null);
        // From the last to the first, so that the first one counts.
        for (let input = rows.length - 1; input >= 0; input--) {
          const row = rows[input];
          if (row === undefined) continue;
          for (const [index, target] of (targets[input] ?? []).entries()) combined[target] = row[index] ?? null;
        }
        return combined;
      };
      await writeAll({ next }, new BatchWriter(context.outputs.get('output_port')));
    },
    close: () => folder.remove(),
  };
}
