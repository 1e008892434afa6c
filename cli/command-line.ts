import { CommandError } from './command-error.ts';
import { type CommandName, commands, type FlagDefinition, type FlagValues } from './command-table.ts';

/** A command line after checking: every flag has its value. Some commands read their words themselves. */
export type CommandLine =
  | { readonly [Name in FlagCommand]: { readonly command: Name; readonly flags: FlagValues<Name> } }[FlagCommand]
  | { readonly command: WordsCommand; readonly words: readonly string[] };

const wordsCommands = [
  'config',
  'data',
  'dataflow',
  'job',
  'jobexecutor',
  'notification',
  'processflow',
  'schedule',
  'secret',
  'user',
] as const satisfies readonly CommandName[];

type WordsCommand = (typeof wordsCommands)[number];
type FlagCommand = Exclude<CommandName, WordsCommand>;

const helpWords = new Set(['help', '--help', '-h']);
const versionWords = new Set(['version', '--version', '-v']);

/** Reads the words after `spectrum`; throws `CommandError` `usage` naming what is allowed. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const [first, ...rest] = words;
  const command = wordsCommands.find((name) => name === first);
  if (command !== undefined) return { command, words: rest };
  if (first === undefined || words.some((word) => helpWords.has(word))) return { command: 'help', flags: {} };
  if (versionWords.has(first)) {
    refuseFlags('version', rest);
    return { command: 'version', flags: {} };
  }
  if (first !== 'start') {
    throw new CommandError('usage', `"${first}" is not a command; use ${Object.keys(commands).join(', ')}`);
  }
  return { command: 'start', flags: parseFlags('start', rest) as FlagValues<'start'> };
}

function refuseFlags(command: CommandName, words: readonly string[]): void {
  parseFlags(command, words);
}

function parseFlags(command: CommandName, words: readonly string[]): Record<string, unknown> {
  const definitions: Readonly<Record<string, FlagDefinition>> = commands[command].flags;
  const values: Record<string, unknown> = {};
  for (const [flag, { fallback }] of Object.entries(definitions)) values[flag] = fallback;
  const seen = new Set<string>();
  for (let at = 0; at < words.length; at += 1) {
    const word = String(words[at]);
    const [, flag = '', inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const definition = Object.hasOwn(definitions, flag) ? definitions[flag] : undefined;
    if (!definition)
      throw new CommandError('usage', `${command}: "${word}" is not allowed; use ${listFlags(definitions)}`);
    if (seen.has(flag)) throw new CommandError('usage', `${command}: --${flag} is given twice; give it once`);
    seen.add(flag);
    if (inline === undefined) at += 1;
    values[flag] = parseValue(command, flag, definition, inline ?? words[at]);
  }
  return values;
}

function parseValue(command: string, flag: string, definition: FlagDefinition, text: string | undefined): unknown {
  const value = text === undefined ? undefined : definition.parse(text);
  if (value !== undefined) return value;
  const given = text === undefined ? 'has no value' : `"${text}" is not allowed`;
  throw new CommandError('usage', `${command}: --${flag} ${given}; use ${definition.allowed}`);
}

function listFlags(definitions: Readonly<Record<string, FlagDefinition>>): string {
  const names = Object.keys(definitions).map((flag) => `--${flag}`);
  return names.length === 0 ? 'it without flags' : names.join(', ');
}
