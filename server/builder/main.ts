import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { exitCodes } from '../../contract/exit-codes.ts';
import { SpectrumError } from '../foundation/errors.ts';
import { InputError } from './input-error.ts';
import { buildFlags, runBuild } from './recipes/build.ts';
import { copyFlags, runCopy } from './recipes/copy.ts';
import type { flag, text } from './recipes/flags.ts';
import { retireFlags, runRetire } from './recipes/retire.ts';
import { runStarter, starterFlags } from './recipes/starter.ts';
import { runDiff, runInspect, runList, runVerify } from './recipes/vintages.ts';
import { starterDatabase } from './starter.ts';
import { UsageError } from './usage-error.ts';
import { serveJobs } from './work/work-pool.ts';

const usage = `builder starter --out DIR [--vintage NAME] [--built-at TIME] [--progress text|json]
  Builds DIR/${starterDatabase}/<vintage>/ from the installed npm packages; a vintage that is there already stays.
builder build --name NAME --vintage NAME --out DIR [--map FIELD=COLUMN,…] [--city NAME] [--state XX] [--source-version TEXT] [--licence TEXT]
              [--attribution TEXT] [--nearest-postal-code] [--built-at TIME] [--threads N] [--progress text|json] SOURCE…
  Builds DIR/NAME/VINTAGE/ from files: OpenAddresses and National Address Database CSV, other delimited files with
  --map, line-delimited GeoJSON, TIGER/Line ADDRFEAT shapefiles, GeoNames postal codes; plain, .gz or .zip; a path
  or s3://<bucket>/<key> each.
builder copy LOCATION --out DIR [--progress text|json]
  Copies the sealed vintage at LOCATION, a folder or s3://<bucket>/<prefix> ending in <database>/<vintage>, verified.
builder inspect|verify VINTAGE-DIR    builder list DIR    builder diff VINTAGE-DIR VINTAGE-DIR
builder retire --name NAME --out DIR [--keep N] [--yes] [VINTAGE…]
  Says which vintages of DIR/NAME/ would go: all but the newest two (N) and those a cluster uses; --yes removes them.`;

interface Recipe {
  readonly flags: Readonly<Record<string, typeof text | typeof flag>>;
  run(flags: Readonly<Record<string, never>>, paths: readonly string[]): Promise<void>;
}

const recipes: Readonly<Record<string, Recipe>> = {
  starter: { flags: starterFlags, run: (flags) => runStarter(flags) },
  build: { flags: buildFlags, run: runBuild },
  copy: { flags: copyFlags, run: runCopy },
  retire: { flags: retireFlags, run: runRetire },
  inspect: { flags: {}, run: (_, paths) => runInspect(paths) },
  verify: { flags: {}, run: (_, paths) => runVerify(paths) },
  list: { flags: {}, run: (_, paths) => runList(paths) },
  diff: { flags: {}, run: (_, paths) => runDiff(paths) },
};

async function main([name = '', ...args]: readonly string[]): Promise<number> {
  try {
    const recipe = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
    if (!recipe) throw new UsageError(`"${name}" is not a recipe; use ${Object.keys(recipes).join(', ')}`);
    const { values, positionals } = parseWords(args, recipe);
    await recipe.run(values as Readonly<Record<string, never>>, positionals);
    return exitCodes.success.code;
  } catch (error) {
    const { code, sentence } = explain(error, name);
    process.stderr.write(`builder: ${sentence}\n`);
    return code;
  }
}

function parseWords(args: readonly string[], { flags }: Recipe) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: flags });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

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

function explain(error: unknown, recipe: string): { readonly code: number; readonly sentence: string } {
  if (error instanceof UsageError) return { code: exitCodes.usage.code, sentence: adviseOnUsage(error.message) };
  if (error instanceof InputError) return { code: exitCodes.inputRefused.code, sentence: error.message };
  if (error instanceof SpectrumError && error.code === 'OBJECT_UNAVAILABLE') {
    return { code: exitCodes.internal.code, sentence: error.message };
  }
  if (error instanceof SpectrumError) {
    const code = recipe === 'starter' ? exitCodes.starterFailed.code : exitCodes.dataRefused.code;
    return { code, sentence: error.message };
  }
  const { code = '', path = 'the output folder' } = error as NodeJS.ErrnoException;
  const known = fileErrors[code];
  if (known) return { code: known.code, sentence: `${path} cannot be written: ${known.reason} (${code})` };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCodes.internal.code, sentence: detail };
}

/** Whoever runs this over a channel has a help of its own. */
function adviseOnUsage(sentence: string): string {
  return process.send === undefined ? `${sentence}\n${usage}` : `${sentence} (spectrum data help)`;
}

if (isMainThread) start();
else serveJobs();

function start(): void {
  // Whoever started this over a channel waits for the result; when it dies, nobody does.
  process.once('disconnect', () => process.exit(exitCodes.internal.code));
  process.channel?.unref();
  // The reader of a pipe may leave early.
  process.stdout.on('error', () => undefined);
  // Exit by code, not by process.exit: output still on its way through a pipe would be lost.
  main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
