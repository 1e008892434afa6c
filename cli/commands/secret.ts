import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';

/** What can be done with secrets; none of it shows one. Refusals and help are derived from it. */
const actions: Readonly<Record<string, { readonly words: string; readonly summary: string }>> = {
  set: { words: 'NAME', summary: 'keeps what comes from stdin; objects refer to it as secret:NAME' },
  list: { words: '', summary: 'prints the names' },
  delete: { words: 'NAME', summary: 'forgets a secret' },
  check: {
    words: 'REFERENCE',
    summary: 'says whether secret:NAME, or the ARN of a Secrets Manager secret, can be read',
  },
};

const usage = `usage: spectrum secret <action> [--data DIR]

${Object.entries(actions)
  .map(([name, { words, summary }]) => `  ${`${name} ${words}`.padEnd(18)}${summary}`)
  .join('\n')}

  The secrets of a cluster on this machine lie encrypted in DIR/secrets (default .spectrum/secrets).
`;

/** Runs `spectrum secret …`; resolves with the exit code. */
export async function runSecret(words: readonly string[], script: string): Promise<number> {
  if (words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))) {
    process.stdout.write(usage);
    return exitCodes.success.code;
  }
  const { positionals, values } = parse(words);
  const [name = '', subject = ''] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  const isComplete = action !== undefined && (action.words === '') === (subject === '') && positionals.length <= 2;
  if (!isComplete) {
    const allowed = Object.entries(actions).map(([each, action]) => `${each} ${action.words}`.trim());
    throw new CommandError('usage', `secret: use ${allowed.join(', ')}`);
  }
  const child = spawn(process.execPath, [script, name, join(resolve(values.data), 'secrets'), subject], {
    stdio: 'inherit',
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return code === 0 ? exitCodes.success.code : exitCodes.secretRefused.code;
}

function parse(words: readonly string[]) {
  try {
    const data = { type: 'string', default: '.spectrum' } as const;
    return parseArgs({ args: [...words], allowPositionals: true, options: { data } });
  } catch (error) {
    throw new CommandError('usage', `secret: ${error instanceof Error ? error.message : String(error)}`);
  }
}
