import { Layout, type Problem, type Row, type StageType } from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { type TransformerSettings, transformerDefinition } from './definition.ts';
import { type Change, planTransform } from './transforms.ts';

export const transformer: StageType<TransformerSettings> = {
  definition: transformerDefinition,
  plan: ({ settings, inputs }) => {
    const problems: Problem[] = [];
    const changes: Change[] = [];
    const read = new Set<string>();
    let layout = inputs.get('input_port') as Layout;
    for (const [index, transform] of settings.transforms.entries()) {
      try {
        const planned = planTransform(transform, layout.noting(read));
        layout = planned.layout;
        changes.push(planned.change);
      } catch (error) {
        if (!(error instanceof SpectrumError)) throw error;
        const setting = `transforms[${index}]`;
        problems.push({
          setting,
          ...(transform.field && { field: transform.field }),
          sentence: `${setting}, ${transform.kind}: ${error.message}`,
        });
      }
    }
    return {
      outputs: new Map([['output_port', problems.length > 0 ? Layout.empty : layout]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      reads: (wanted) => new Set([...wanted, ...read]),
      open: ({ outputs }) => {
        const output = outputs.get('output_port');
        return { process: (rows) => output?.write(rows.map((row) => applyAll(row, changes))) };
      },
    };
  },
};

function applyAll(row: Row, changes: readonly Change[]): Row {
  let changed = row;
  for (const change of changes) changed = change(changed);
  return changed;
}
