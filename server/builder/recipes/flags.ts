import { UsageError } from '../usage-error.ts';

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;

type FlagDefinitions = Readonly<Record<string, typeof text | typeof flag>>;

/** What a command line gave for each flag. */
export type Flags<Definitions extends FlagDefinitions> = {
  readonly [Name in keyof Definitions]?: Definitions[Name] extends typeof text ? string : boolean;
};

export function readRequired<Name extends string>(
  flags: { readonly [Key in Name]?: string },
  name: Name,
  advice: string,
): string {
  const value = flags[name];
  if (!value) throw new UsageError(`--${name} is missing; ${advice}`);
  return value;
}

export function readVintageName(name: string): string {
  return readName('vintage', name);
}

export function readDatabaseName(name: string): string {
  return readName('name', name);
}

export function readProgressForm(form = 'text'): 'text' | 'json' {
  if (form === 'text' || form === 'json') return form;
  throw new UsageError(`--progress: "${form}" is not allowed; use text or json`);
}

/** ISO 8601, UTC; now when none is given. */
export function readBuiltAt(time = new Date().toISOString()): string {
  if (Number.isNaN(Date.parse(time))) throw new UsageError(`--built-at: "${time}" is not an ISO 8601 time`);
  return new Date(time).toISOString();
}

function readName(flagName: string, name: string): string {
  if (/^(?!\.+$)[\w.-]{1,64}$/.test(name)) return name;
  throw new UsageError(`--${flagName}: "${name}" is not allowed; use letters, digits, point, hyphen and underscore`);
}
