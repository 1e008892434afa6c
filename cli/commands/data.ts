import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';
import { build } from '../data/build.ts';
import { runBuilder } from '../data/builder-process.ts';
import { findAccess, openClient } from '../data/management.ts';
import { type DatabaseModule, publish } from '../data/publish.ts';
import { openProgress } from '../output/progress.ts';

interface DataCommand {
  /** Words behind its name, one way of using it a line. */
  readonly usage: string;
  readonly summary: string;
  run(words: readonly string[], builderScript: string): Promise<number>;
}

/** Every `spectrum data` command; refusals and help are derived from it. */
const dataCommands: Readonly<Record<string, DataCommand>> = {
  build: {
    usage:
      '--name NAME --vintage NAME --out DIR [--map FIELD=COLUMN,…] [--city NAME] [--state XX]\n      [--source-version TEXT] [--licence TEXT] [--attribution TEXT] [--nearest-postal-code] [--built-at TIME]\n      [--threads N] SOURCE…',
    summary: 'builds DIR/NAME/VINTAGE/ from public files; goes on where a build was stopped',
    run: (words, script) => build(script, words, openProgress(process.stdout)),
  },
  inspect: { usage: 'VINTAGE-DIR', summary: 'prints the manifest of a vintage', run: passOn('inspect') },
  verify: { usage: 'VINTAGE-DIR', summary: 'compares every byte with the checksums', run: passOn('verify') },
  list: { usage: 'DIR', summary: 'prints a line for each vintage in a folder of databases', run: passOn('list') },
  diff: {
    usage: 'VINTAGE-DIR VINTAGE-DIR',
    summary: 'prints what the second has more or less of',
    run: passOn('diff'),
  },
  publish: {
    usage:
      '--name NAME --vintage NAME [--resource NAME] [--module addressing|geocoding] [--timeout SECONDS]\n      [--url URL] [--user NAME] [--data DIR]; the password is in SPECTRUM_PASSWORD or the data folder',
    summary: 'makes a running cluster answer from a vintage of its reference data; an older one rolls back',
    run: runPublish,
  },
  retire: {
    usage: '--name NAME --out DIR [--keep N] [--yes] [VINTAGE…]',
    summary: 'lists the vintages that nobody needs: not the newest two (N), none in use; --yes removes them',
    run: passOn('retire'),
  },
};

/** Runs `spectrum data …`; resolves with the exit code. */
export async function runData([name = 'help', ...words]: readonly string[], builderScript: string): Promise<number> {
  if (['help', '--help', '-h'].some((word) => word === name || words.includes(word))) {
    process.stdout.write(formatDataHelp());
    return exitCodes.success.code;
  }
  const command = Object.hasOwn(dataCommands, name) ? dataCommands[name] : undefined;
  if (command) return await command.run(words, builderScript);
  throw new CommandError('usage', `data: "${name}" is not a command; use ${Object.keys(dataCommands).join(', ')}`);
}

/** Every command below `spectrum data` with its words. */
function formatDataHelp(): string {
  const lines = Object.entries(dataCommands).flatMap(([name, { usage, summary }]) => [
    `  ${name.padEnd(10)}${summary}`,
    `      ${name} ${usage}`,
  ]);
  return [
    'usage: spectrum data <command> …',
    '',
    ...lines,
    '',
    'From a public file to answers: docs/reference-data.md',
    '',
  ].join('\n');
}

function passOn(recipe: string): DataCommand['run'] {
  return (words, script) => runBuilder(script, [recipe, ...words], (line) => process.stdout.write(`${line}\n`));
}

const text = { type: 'string' } as const;
const publishFlags = {
  name: text,
  vintage: text,
  resource: text,
  module: { ...text, default: 'addressing' },
  timeout: { ...text, default: '600' },
  url: { ...text, default: '' },
  user: { ...text, default: 'admin' },
  data: { ...text, default: '.spectrum' },
} as const;

async function runPublish(words: readonly string[]): Promise<number> {
  const flags = parsePublishFlags(words);
  const { name: database, vintage, timeout } = flags;
  if (!database || !vintage) throw new CommandError('usage', 'data publish: --name and --vintage are needed');
  const seconds = /^\d{1,6}$/.test(timeout) ? Number(timeout) : 0;
  if (seconds === 0)
    throw new CommandError('usage', `data publish: --timeout "${timeout}" is not allowed; use seconds`);
  const module = readModule(flags.module);
  const client = openClient(findAccess({ ...flags, data: resolve(flags.data) }));
  const options = {
    resource: flags.resource ?? database,
    module,
    database,
    vintage,
    timeoutMs: seconds * 1_000,
  };
  const progress = openProgress(process.stdout);
  progress.say(await publish(client, options, progress));
  return exitCodes.success.code;
}

const modules: readonly DatabaseModule[] = ['addressing', 'geocoding'];

function readModule(text: string): DatabaseModule {
  const known = modules.find((module) => module === text);
  if (known !== undefined) return known;
  throw new CommandError('usage', `data publish: --module "${text}" is not allowed; use ${modules.join(' or ')}`);
}

function parsePublishFlags(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: publishFlags }).values;
  } catch (error) {
    throw new CommandError('usage', `data publish: ${error instanceof Error ? error.message : String(error)}`);
  }
}
