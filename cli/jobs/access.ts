import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ManagementClient, ManagementError } from '../../client/index.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';
import { findAccess } from '../data/management.ts';

/** What an action works with. */
export interface ActionContext {
  readonly client: ManagementClient;
  /** What follows the name of the action. */
  readonly words: readonly string[];
  readonly flags: ActionFlags;
  readonly write: (text: string) => void;
}

export type ActionFlags = ReturnType<typeof parse>['values'];

export interface Action {
  readonly usage: string;
  readonly summary: string;
  /** Resolves with the exit code. */
  run(context: ActionContext): Promise<number>;
}

export type Actions = Readonly<Record<string, Action>>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const flags = {
  url: { ...text, default: '' },
  user: { ...text, default: 'admin' },
  data: { ...text, default: '.spectrum' },
  option: { ...text, multiple: true },
  file: { ...text, multiple: true },
  name: text,
  version: text,
  comment: text,
  sample: text,
  df: flag,
  wait: flag,
  expose: flag,
  limit: text,
  dataflow: text,
  'process-flow': text,
  cron: text,
  at: text,
  every: text,
  start: text,
  end: text,
  'control-file': text,
  'time-zone': text,
  overlap: text,
  'catch-up': text,
  region: text,
  disabled: flag,
  html: flag,
} as const;

/** Runs `spectrum <command> <action> …` against a running cluster; resolves with the exit code. */
export async function runActions(command: string, actions: Actions, words: readonly string[]): Promise<number> {
  if (words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))) {
    process.stdout.write(formatHelp(command, actions));
    return exitCodes.success.code;
  }
  const { positionals, values } = parse(command, words);
  const [name = '', ...rest] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) {
    throw new CommandError('usage', `${command}: "${name}" is not an action; use ${Object.keys(actions).join(', ')}`);
  }
  const { url, user, password } = findAccess({ ...values, data: resolve(values.data) });
  const client = new ManagementClient({ url, credentials: { user, password } });
  try {
    return await action.run({ client, words: rest, flags: values, write: (line) => void process.stdout.write(line) });
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    throw new CommandError('jobRefused', `${command}: ${error.message} (${error.code})`, { cause: error });
  }
}

/** The word at a place. Throws `CommandError` when it is not there. */
export function wordAt(words: readonly string[], index: number, what: string): string {
  const word = words[index];
  if (word !== undefined) return word;
  throw new CommandError('usage', `${what} is missing; see help`);
}

/** `name=value` flags as an object. */
export function readPairs(flagName: string, given: readonly string[] | undefined): Record<string, string> {
  const pairs = (given ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw new CommandError('usage', `--${flagName}: "${pair}" is not allowed; use NAME=VALUE`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** The text of a file, or of the standard input for `-`. */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CommandError('usage', `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A JSON file, or the standard input for `-`. */
export function readJsonFile(path: string, expected: string): object {
  return parseJsonText(path, readTextFile(path), expected);
}

/** Throws `CommandError` naming the file and what it is to hold, when its text is no object of JSON. */
export function parseJsonText(path: string, text: string, expected: string): object {
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null) return value;
  const problem = value === undefined ? 'is not JSON' : 'holds no object';
  throw new CommandError('usage', `${path === '-' ? 'the standard input' : path} ${problem}; give ${expected}`);
}

/** Undefined for what is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parse(command: string, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: flags });
  } catch (error) {
    throw new CommandError('usage', `${command}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function formatHelp(command: string, actions: Actions): string {
  const lines = Object.entries(actions).flatMap(([name, { usage, summary }]) => [
    `  ${name.padEnd(10)}${summary}`,
    `      ${name} ${usage}`.trimEnd(),
  ]);
  const head = `usage: spectrum ${command} <action> … [--url URL] [--user NAME] [--data DIR]`;
  return [head, '', ...lines, '', 'The password is in SPECTRUM_PASSWORD or the data folder.', ''].join('\n');
}
