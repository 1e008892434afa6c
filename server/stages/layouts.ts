import { Layout, type Problem } from '../dataflow/index.ts';
import { findClosestName } from '../foundation/closest-name.ts';

/** One layout with the fields of all inputs, in their order; a field that is there again must have the same type. */
export function uniteLayouts(inputs: ReadonlyMap<string, Layout>): { layout: Layout; problems: Problem[] } {
  const problems: Problem[] = [];
  let layout = Layout.empty;
  for (const [port, input] of inputs) {
    for (const field of input.fields) {
      const known = layout.find(field.name);
      if (known === undefined || known.type === field.type) continue;
      const sentence = `the field ${field.name} is a ${field.type} here and a ${known.type} at another port; convert one of them`;
      problems.push({ port, field: field.name, sentence });
    }
    layout = layout.with(input.fields.filter(({ name }) => layout.positionOf(name) < 0));
  }
  return { layout, problems };
}

/** The complaint about a field that does not arrive at the only input. */
export function refuseField(setting: string, name: string, input: Layout): Problem {
  const closest = findClosestName(name, input.names());
  const advice = closest ? `; did you mean ${closest}?` : '';
  return { port: 'input_port', setting, field: name, sentence: `${setting}: no field ${name} arrives${advice}` };
}

/** The complaint about each field that is declared twice. */
export function repeatedNames(fields: readonly { readonly name: string }[]): Problem[] {
  const names = fields.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
    setting: 'fields',
    field: name,
    sentence: `fields: ${name} is there twice; give one of them another name`,
  }));
}
