import { comparisonOperators, type StageDefinition } from '../../dataflow/index.ts';
import { choice, list, optional, preset, record, required, text, type ValueOf } from '../../foundation/fields.ts';

const comparison = record('A comparison', {
  field: required(text('Field', { minimum: 1, maximum: 200 })),
  operator: required(choice('How it is compared', comparisonOperators)),
  value: optional(text('With what')),
  compareWith: preset(choice('Whether value is a value or the name of another field', ['value', 'field']), 'value'),
});

const condition = record('Which records go to a port', {
  port: required(text('Output port', { minimum: 1, maximum: 200 })),
  all: optional(list('Comparisons that must all be true', comparison, 100)),
  any: optional(list('Comparisons of which one must be true', comparison, 100)),
  expression: optional(
    text("An expression that is true or false, such as data['Confidence'] >= 90", { minimum: 1, maximum: 10_000 }),
  ),
});

const settings = record('Where records go', {
  conditions: preset(
    list('Conditions in order: a record goes to the port of the first one that is true', condition, 100),
    [],
  ),
  default: optional(
    text('Port of the records for which none is true; without it they are lost', { minimum: 1, maximum: 200 }),
  ),
  copyToEach: preset(
    choice('first: to the first port whose condition is true; each: a copy to every one', ['first', 'each']),
    'first',
  ),
});

export type ConditionalRouterSettings = ValueOf<typeof settings>;
export type RouterCondition = ConditionalRouterSettings['conditions'][number];
export type RouterComparison = NonNullable<RouterCondition['all']>[number];

export const conditionalRouterDefinition: StageDefinition<ConditionalRouterSettings> = {
  name: 'ConditionalRouter',
  label: 'Conditional Router',
  group: 'control',
  description: 'Sends each record to the output whose condition it meets',
  inputs: { fixed: [{ name: 'input_port', description: 'The records' }] },
  outputs: { fixed: [], variable: { minimum: 1, maximum: 100 } },
  settings,
};
