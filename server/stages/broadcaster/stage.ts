import type { Layout, StageType } from '../../dataflow/index.ts';
import { broadcasterDefinition } from './definition.ts';

export const broadcaster: StageType = {
  definition: broadcasterDefinition,
  plan: ({ inputs, outputs }) => {
    const layout = inputs.get('input_port') as Layout;
    return {
      outputs: new Map(outputs.map((port) => [port, layout])),
      problems: [],
      flow: 'streaming',
      canResume: true,
      reads: (wanted) => wanted,
      open: (context) => {
        const [last, ...others] = [...context.outputs.values()].reverse();
        return {
          async process(rows) {
            // Whoever receives a row may change it.
            await Promise.all(others.map((output) => output.write(rows.map((row) => [...row]))));
            await last?.write(rows);
          },
        };
      },
    };
  },
};
