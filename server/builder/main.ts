import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodes } from '../../contract/exit-codes.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { readManifest } from '../reference-data/index.ts';
import { buildVintage } from './build.ts';
import { createOutput, type Output } from './output.ts';
import { starterDatabase, starterSources, starterVintage } from './starter.ts';

const usage = `builder starter --out DIR [--vintage NAME] [--built-at TIME] [--progress text|json]
  Builds DIR/${starterDatabase}/<vintage>/ from the installed npm packages; a vintage that is there already stays.`;

interface Arguments {
  readonly out: string;
  readonly vintage: string | undefined;
  readonly builtAt: string;
  readonly progress: 'text' | 'json';
}

class UsageError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  let output: Output = createOutput('text');
  try {
    const given = readArguments(args);
    output = createOutput(given.progress);
    await buildStarter(given, output);
    return exitCodes.success.code;
  } catch (error) {
    const { code, sentence } = explain(error);
    output.fail(sentence);
    return code;
  }
}

async function buildStarter({ out, vintage: wanted, builtAt }: Arguments, output: Output): Promise<void> {
  const sources = starterSources((name) => require.resolve(name));
  const vintage = wanted ?? starterVintage(sources);
  const folder = join(out, starterDatabase, vintage);
  const request = { folder, database: starterDatabase, vintage, purpose: 'demonstration' as const, builtAt, sources };
  const finishExisting = async (): Promise<void> => {
    const { counts } = await readManifest(folder);
    output.finish({ folder, database: starterDatabase, vintage, isNew: false, counts, leftOut: [] });
  };
  if (existsSync(folder)) return await finishExisting();
  try {
    const { manifest, leftOut } = await buildVintage(request, output.progress);
    output.finish({ folder, database: starterDatabase, vintage, isNew: true, counts: manifest.counts, leftOut });
  } catch (error) {
    // Another builder may have been faster; its vintage is as good.
    if (!existsSync(folder)) throw error;
    await finishExisting();
  }
}

function readArguments(args: readonly string[]): Arguments {
  const options = { out: text, vintage: text, 'built-at': text, progress: text };
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { positionals, values } = parsed;
  if (positionals.join(' ') !== 'starter')
    throw new UsageError(`"${positionals.join(' ')}" is not a recipe; use starter`);
  if (!values.out) throw new UsageError('--out is missing; give the folder that holds the databases');
  const { vintage, progress = 'text', 'built-at': builtAt = new Date().toISOString() } = values;
  if (vintage !== undefined && !/^[\w.-]{1,64}$/.test(vintage)) {
    throw new UsageError(`--vintage: "${vintage}" is not allowed; use letters, digits, point, hyphen and underscore`);
  }
  if (progress !== 'text' && progress !== 'json') {
    throw new UsageError(`--progress: "${progress}" is not allowed; use text or json`);
  }
  if (Number.isNaN(Date.parse(builtAt))) throw new UsageError(`--built-at: "${builtAt}" is not an ISO 8601 time`);
  return { out: resolve(values.out), vintage, builtAt: new Date(builtAt).toISOString(), progress };
}

const text = { type: 'string' } as const;

/** File-system errors that a user can do something about. */
const fileErrors: Readonly<Record<string, { readonly code: number; readonly reason: string }>> = {
  ENOSPC: { code: exitCodes.diskFull.code, reason: 'no room is left on the disk' },
  EDQUOT: { code: exitCodes.diskFull.code, reason: 'the disk quota is used up' },
  EACCES: { code: exitCodes.folderUnwritable.code, reason: 'writing there is not permitted' },
  EPERM: { code: exitCodes.folderUnwritable.code, reason: 'writing there is not permitted' },
  EROFS: { code: exitCodes.folderUnwritable.code, reason: 'the file system is read-only' },
  ENOTDIR: { code: exitCodes.folderUnwritable.code, reason: 'a part of the path is a file' },
  ENOENT: { code: exitCodes.folderUnwritable.code, reason: 'a part of the path does not exist' },
};

function explain(error: unknown): { readonly code: number; readonly sentence: string } {
  if (error instanceof UsageError) return { code: exitCodes.usage.code, sentence: `${error.message}\n${usage}` };
  if (error instanceof SpectrumError) return { code: exitCodes.starterFailed.code, sentence: error.message };
  const { code = '', path = 'the output folder' } = error as NodeJS.ErrnoException;
  const known = fileErrors[code];
  if (known) return { code: known.code, sentence: `${path} cannot be written: ${known.reason} (${code})` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCodes.internal.code, sentence: detail };
}

// Whoever started this over a channel waits for the result; when it dies, nobody does.
process.once('disconnect', () => process.exit(exitCodes.internal.code));
process.channel?.unref();

// Exit by code, not by process.exit: output still on its way through a pipe would be lost.
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
