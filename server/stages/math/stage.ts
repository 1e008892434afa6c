import {
  compileExpression,
  createTextFormatter,
  createTextParser,
  type FieldType,
  type Layout,
  type Problem,
  type Row,
  type StageType,
  type Value,
} from '../../dataflow/index.ts';
import { SpectrumError } from '../../foundation/errors.ts';
import { type MathSettings, mathDefinition } from './definition.ts';

interface Calculation {
  readonly position: number;
  evaluate(row: Row): Value;
}

export const math: StageType<MathSettings> = {
  definition: mathDefinition,
  plan: ({ settings, inputs }) => {
    const problems: Problem[] = [];
    const calculations: Calculation[] = [];
    let layout = inputs.get('input_port') as Layout;
    for (const [index, { field, type, expression }] of settings.calculations.entries()) {
      try {
        const evaluate = compileAs(expression, type, layout);
        layout = layout.with([{ name: field, type }]);
        calculations.push({ position: layout.positionOf(field), evaluate });
      } catch (error) {
        if (!(error instanceof SpectrumError)) throw error;
        const setting = `calculations[${index}].expression`;
        problems.push({ setting, field, sentence: `${setting}: ${error.message}` });
      }
    }
    return {
      outputs: new Map([['output_port', layout]]),
      problems,
      flow: 'streaming',
      canResume: true,
      canShareRows: true,
      open: ({ outputs }) => ({
        process(rows) {
          for (const row of rows) {
            for (const { position, evaluate } of calculations) row[position] = evaluate(row);
          }
          return outputs.get('output_port')?.write(rows);
        },
      }),
    };
  },
};

/** The value of an expression as another type; null where it has none there, such as half a record as a whole number. */
function compileAs(expression: string, type: FieldType, layout: Layout): (row: Row) => Value {
  const node = compileExpression(expression, layout);
  if (node.type === type || node.type === 'null') return node.evaluate;
  const format = createTextFormatter(node.type);
  const parse = createTextParser(type);
  return (row) => {
    const value = node.evaluate(row);
    return value === null ? null : (parse(format(value)) ?? null);
  };
}
