import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readManifest } from '../../reference-data/index.ts';
import { buildVintage } from '../build.ts';
import { createOutput } from '../output.ts';
import { starterDatabase, starterSources, starterVintage } from '../starter.ts';
import { type Flags, readBuiltAt, readProgressForm, readRequired, readVintageName, text } from './flags.ts';

export const starterFlags = { out: text, vintage: text, 'built-at': text, progress: text } as const;

/** Builds the starter database from the installed packages; a vintage that is there already stays. */
export async function runStarter(flags: Flags<typeof starterFlags>): Promise<void> {
  const out = resolve(readRequired(flags, 'out', 'give the folder that holds the databases'));
  const wanted = flags.vintage === undefined ? undefined : readVintageName(flags.vintage);
  const output = createOutput(readProgressForm(flags.progress));
  const builtAt = readBuiltAt(flags['built-at']);
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
