import { SpectrumError } from '../foundation/errors.ts';

/** How one option is read. `parse` gets the text as sent and throws `INVALID_OPTION` naming what is allowed. */
export interface OptionDefinition<Value> {
  readonly description: string;
  /** What a caller may send, in words, such as `M or U`. */
  readonly allowed: string;
  readonly defaultText: string;
  /** The whole choice in its published spelling, where there is one. */
  readonly values?: readonly string[];
  /** Whether an empty text is a value of its own instead of the default. */
  readonly acceptsEmpty?: boolean;
  parse(name: string, text: string): Value;
}

export type OptionTable = Readonly<Record<string, OptionDefinition<unknown>>>;

export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends OptionDefinition<infer Value> ? Value : never;
};

/** A closed choice; letter case of the text is ignored. The first value given is the default unless stated. */
export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  description: string,
  defaultValue: Values[number] = values[0],
): OptionDefinition<Values[number]> {
  const allowed = joinChoices(values);
  const byUpperCase = new Map(values.map((value) => [value.toUpperCase(), value as Values[number]]));
  return {
    description,
    allowed,
    defaultText: defaultValue,
    values,
    parse(name, text) {
      const value = byUpperCase.get(text.trim().toUpperCase());
      if (value === undefined) throw refuse(name, text, allowed);
      return value;
    },
  };
}

/** `Y` or `N` on the wire, boolean inside. */
export function yesOrNo(description: string, defaultValue: boolean): OptionDefinition<boolean> {
  const choice = oneOf(['Y', 'N'], description, defaultValue ? 'Y' : 'N');
  return { ...choice, parse: (name, text) => choice.parse(name, text) === 'Y' };
}

/** As `yesOrNo`, but anything else means the default (addressing-services section 3). */
export function lenientYesOrNo(description: string, defaultValue: boolean): OptionDefinition<boolean> {
  const strict = yesOrNo(description, defaultValue);
  return {
    ...strict,
    parse: (name, text) => (/^[yn]$/i.test(text.trim()) ? strict.parse(name, text) : defaultValue),
  };
}

export function integer(
  minimum: number,
  maximum: number,
  defaultValue: number,
  description: string,
): OptionDefinition<number> {
  const allowed = `a whole number from ${minimum} to ${maximum}`;
  return {
    description,
    allowed,
    defaultText: String(defaultValue),
    parse(name, text) {
      const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (!(value >= minimum && value <= maximum)) throw refuse(name, text, allowed);
      return value;
    },
  };
}

export function decimal(
  minimum: number,
  maximum: number,
  defaultValue: number,
  description: string,
): OptionDefinition<number> {
  const allowed = `a number from ${minimum} to ${maximum}`;
  return {
    description,
    allowed,
    defaultText: String(defaultValue),
    parse(name, text) {
      const value = /^\d{1,9}(\.\d{1,9})?$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (!(value >= minimum && value <= maximum)) throw refuse(name, text, allowed);
      return value;
    },
  };
}

/** Any text, such as the name of a database resource. */
export function text(description: string, defaultValue = ''): OptionDefinition<string> {
  return { description, allowed: 'any text', defaultText: defaultValue, parse: (_name, given) => given };
}

/**
 * Reads the options of one call into a complete, frozen value. Options that the service does not define are ignored
 * (rest-soap-conventions section 2); an empty text means the default, but for options that take it as a value.
 */
export function parseOptions<Table extends OptionTable>(
  table: Table,
  given: Readonly<Record<string, string | undefined>>,
): OptionValues<Table> {
  const values: Record<string, unknown> = {};
  for (const name in table) {
    const option = table[name] as OptionDefinition<unknown>;
    const sent = given[name];
    const isAbsent = sent === undefined || (sent === '' && !option.acceptsEmpty);
    values[name] = option.parse(name, isAbsent ? option.defaultText : sent);
  }
  return Object.freeze(values) as OptionValues<Table>;
}

function refuse(name: string, given: string, allowed: string): SpectrumError {
  return new SpectrumError('INVALID_OPTION', `${name}: ${JSON.stringify(given)} is not allowed; use ${allowed}`, {
    option: name,
    given,
    allowed,
  });
}

function joinChoices(values: readonly string[]): string {
  return values.length < 2 ? values.join() : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
