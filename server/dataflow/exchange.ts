import { choice, flag, list, optional, preset, record, required, text, type ValueOf } from '../foundation/fields.ts';
import { checkValue } from '../foundation/schema.ts';
import { Layout, type LayoutField } from './layout.ts';
import type { Problem } from './problem.ts';
import { fieldTypes, type Row } from './values.ts';

/** Types of the stages through which the records of a request come and go. */
export const inputType = 'Input';
export const outputType = 'Output';

/**
 * The field in which every record of a request carries its place, so that an answer finds the user fields that came with
 * it: requests and answers have a member of this name already, so no field of a dataflow may.
 */
const placeField: LayoutField = { name: 'user_fields', type: 'integer' };

/** A name that is an element of XML, a member of JSON and a part of a query alike. */
const elementName = (description: string) =>
  text(description, {
    minimum: 1,
    maximum: 200,
    pattern: /^(?!user_fields$)[\p{L}_][\p{L}\p{N}_.-]*$/u,
    allowed: 'a letter or _, then letters, digits, . _ or -; user_fields is taken',
  });

const listField = record('A field of the records inside a list', {
  name: required(elementName('Name')),
  type: preset(choice('Type', fieldTypes), 'string'),
});

const exchangedField = record('A field', {
  name: required(elementName('Name, as callers write it')),
  description: preset(text('What it holds'), ''),
  type: preset(choice('Type', fieldTypes), 'string'),
  required: preset(flag('Input: a record without it is refused'), false),
  dataType: optional(elementName('list: name of its records')),
  fields: optional(list('list: fields of its records', listField, 500)),
});

/** Settings of Input and Output alike: what the records of a service look like. */
export const exchangeSettings = record('The records of a request or an answer', {
  row: preset(elementName('Name of a record in requests and answers'), 'Row'),
  fields: required(list('Fields, in their order in an answer', exchangedField, 1_000, 'name')),
});

export type ExchangeSettings = ValueOf<typeof exchangeSettings>;
export type ExchangedField = ExchangeSettings['fields'][number];

/** The settings of an Input or an Output, or what is wrong with them. */
export function parseExchange(value: unknown): {
  readonly settings?: ExchangeSettings;
  readonly problems: readonly Problem[];
} {
  const checked = checkValue(exchangeSettings, value, undefined, '');
  const problems = checked.issues.map(({ path, problem }) => ({
    setting: path,
    sentence: `${path || 'the settings'}: ${problem}`,
  }));
  return problems.length > 0 ? { problems } : { settings: checked.value as ExchangeSettings, problems };
}

/** What a run has of the request that it answers. */
export interface Exchange {
  /** The records, laid out as `exchangeLayout` of the Input says. */
  readonly request: readonly Row[];
  /** Takes records, laid out as `exchangeLayout` of the Output says; throws when the answer grows too large. */
  answer(rows: Row[]): void;
}

/** The fields of an Input or an Output, the place of the record behind them. */
export function exchangeLayout({ fields }: ExchangeSettings): Layout {
  const declared = fields.map(
    (field): LayoutField => ({
      name: field.name,
      type: field.type,
      ...(field.type === 'list' && { fields: field.fields ?? [] }),
    }),
  );
  return new Layout([...declared, placeField]);
}
