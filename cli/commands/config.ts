import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ManagementError } from '../../client/index.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';
import { actions } from '../configuration/actions.ts';
import { findAccess, openClient } from '../data/management.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const flags = {
  url: { ...text, default: '' },
  user: { ...text, default: 'admin' },
  data: { ...text, default: '.spectrum' },
  filter: { ...text, multiple: true },
  sort: text,
  kind: text,
  name: text,
  by: text,
  from: text,
  to: text,
  csv: flag,
  'dry-run': flag,
  'remove-others': flag,
  reason: text,
  passphrase: text,
} as const;

/** Runs `spectrum config …` through the management API of a running cluster; resolves with the exit code. */
export async function runConfig(words: readonly string[]): Promise<number> {
  if (words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))) {
    process.stdout.write(formatConfigHelp());
    return exitCodes.success.code;
  }
  const { positionals, values } = parse(words);
  const [name = '', ...rest] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) {
    throw new CommandError('usage', `config: "${name}" is not an action; use ${Object.keys(actions).join(', ')}`);
  }
  const client = openClient(findAccess({ ...values, data: resolve(values.data) }));
  const passphrase = values.passphrase ?? process.env.SPECTRUM_PASSPHRASE;
  const context = {
    client,
    words: rest,
    flags: { ...values, ...(passphrase !== undefined && { passphrase }) },
    readFile,
    write: (answer: string) => void process.stdout.write(answer),
  };
  await action.run(context).catch(explain);
  return exitCodes.success.code;
}

function formatConfigHelp(): string {
  const lines = Object.entries(actions).flatMap(([name, { usage, summary }]) => [
    `  ${name.padEnd(10)}${summary}`,
    `      ${name} ${usage}`.trimEnd(),
  ]);
  return [
    'usage: spectrum config <action> … [--url URL] [--user NAME] [--data DIR]',
    '',
    ...lines,
    '',
    'The password is in SPECTRUM_PASSWORD or the data folder, the passphrase in SPECTRUM_PASSPHRASE.',
    'Backing up, moving and rolling back: docs/configuration.md',
    '',
  ].join('\n');
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: flags });
  } catch (error) {
    throw new CommandError('usage', `config: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param path `-` is the standard input */
function readFile(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new CommandError('usage', `config: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function explain(error: unknown): never {
  if (!(error instanceof ManagementError)) throw error;
  throw new CommandError('configurationRefused', `config: ${error.message} (${error.code})`, { cause: error });
}
