import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { environment } from '../../contract/environment.ts';
import { exitCodes } from '../../contract/exit-codes.ts';
import { CommandError } from '../command-error.ts';
import { writeWhole } from '../local/data-folder.ts';
import { localTables } from '../local/programs.ts';

interface Changed {
  readonly user: string;
  readonly password?: string;
}

/** What can be done for a user who cannot log in; refusals and help are derived from it. */
const actions: Readonly<Record<string, { readonly summary: string; describe(changed: Changed): string }>> = {
  unlock: {
    summary: 'forgets the failed logins of a user',
    describe: ({ user }) => `${user} may log in again.`,
  },
  reset: {
    summary: 'gives a user a new password, of SPECTRUM_NEW_PASSWORD or a generated one, and ends the tokens',
    describe: ({ user, password }) => `${user} may log in with the password ${password}`,
  },
};

const text = { type: 'string', default: '' } as const;
const flags = {
  data: { ...text, default: '.spectrum' },
  table: text,
  'runtime-table': text,
  cluster: text,
  endpoint: text,
};

const usage = `usage: spectrum user <action> NAME [--data DIR]
       spectrum user <action> NAME --table NAME --cluster NAME [--runtime-table NAME] [--endpoint URL]

${Object.entries(actions)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

  --data is the folder of a cluster that runs on this machine; without the other flags it names the tables.
`;

/** Runs `spectrum user …`, which works on the tables and asks for no password; resolves with the exit code. */
export async function runUser(words: readonly string[], script: string): Promise<number> {
  if (words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))) {
    process.stdout.write(usage);
    return exitCodes.success.code;
  }
  const { positionals, values } = parse(words);
  const [name = '', user = ''] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action || user === '' || positionals.length > 2) {
    throw new CommandError('usage', `user: give one of ${Object.keys(actions).join(', ')} and the name of a user`);
  }
  const folder = values.table === '' ? resolve(values.data) : undefined;
  const tables = folder === undefined ? namedTables(values) : runningTables(folder);
  const changed = await run(script, [name, user], tables);
  if (folder !== undefined && user === 'admin' && changed.password !== undefined) {
    writeWhole(join(folder, 'admin-password'), `${changed.password}\n`, 0o600);
  }
  process.stdout.write(`${action.describe(changed)}\n`);
  return exitCodes.success.code;
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: flags });
  } catch (error) {
    throw new CommandError('usage', `user: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type Values = ReturnType<typeof parse>['values'];
type Variables = Readonly<Record<string, string>>;

function namedTables({ table, cluster, endpoint, 'runtime-table': runtimeTable }: Values): Variables {
  if (cluster === '') throw new CommandError('usage', 'user: --cluster is missing; give the name of the cluster');
  return {
    [environment.configurationTable]: table,
    [environment.runtimeTable]: runtimeTable,
    [environment.clusterName]: cluster,
    [environment.configurationEndpoint]: endpoint,
  };
}

/** The tables of the cluster that runs in the folder, by its own file. */
function runningTables(folder: string): Variables {
  const file = join(folder, 'processes.json');
  if (!existsSync(file)) {
    throw new CommandError('usage', `user: no cluster runs in ${folder}; start it, or name another folder with --data`);
  }
  const { configurationEndpoint, cluster } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  return localTables(String(configurationEndpoint), String(cluster));
}

function run(script: string, words: readonly string[], variables: Variables): Promise<Changed> {
  return new Promise((done, fail) => {
    const env = { ...process.env, ...variables };
    const child = spawn(process.execPath, [script, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [answer, problem] = ['', ''];
    child.stdout.on('data', (chunk) => {
      answer += chunk;
    });
    child.stderr.on('data', (chunk) => {
      problem += chunk;
    });
    child.once('close', (code) => {
      if (code === 0) done(JSON.parse(answer) as Changed);
      else fail(new CommandError('userUnchanged', `user: ${problem.trim()}`));
    });
  });
}
