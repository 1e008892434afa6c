import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

/** A planted bug: a fragment of the source, found exactly once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  readonly changes: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
}

const room = 'server/configuration';

/** Each must be caught by the checker; none may be caught in the code as it is. */
export const mutants: readonly Mutant[] = [
  {
    name: 'skips the condition of the put',
    changes: [{ file: `${room}/log.ts`, find: "chunked), 'absent');", replace: "chunked), 'none');" }],
  },
  {
    name: 'applies changes behind a hole',
    changes: [
      { file: `${room}/log.ts`, find: "if (revision !== expected) return 'hole';", replace: '' },
      { file: `${room}/replica.ts`, find: 'const end = fresh.findIndex(', replace: 'const end = -1 && fresh.map(' },
      { file: `${room}/fold.ts`, find: 'if (change.revision !== revision + 1)', replace: 'if (false)' },
    ],
  },
  {
    name: 'loses the tail of the log on a restart',
    changes: [
      {
        file: `${room}/follower.ts`,
        find: "await (reading === 'strong' ? catchUp() : read(reading));",
        replace: '',
      },
    ],
  },
  {
    name: 'acknowledges before the commit is certain',
    changes: [{ file: `${room}/writer.ts`, find: "return 'unknown';", replace: "return 'written';" }],
  },
  {
    name: 'puts again at another revision',
    changes: [
      {
        file: `${room}/writer.ts`,
        find: 'if (standing === undefined)',
        replace:
          'if (standing === undefined) Object.assign(change, { revision: change.revision + 1 }); if (standing === undefined)',
      },
    ],
  },
  {
    name: 'deletes a compacted key',
    changes: [
      {
        file: `${room}/compaction.ts`,
        find: "put(key, encodeStub(change.id), { name: 'id', equals: change.id })",
        replace: "delete(key, { name: 'id', equals: change.id })",
      },
    ],
  },
  {
    name: 'gives a fencing token twice',
    changes: [{ file: 'server/cluster/leases.ts', find: 'epoch: epoch + 1', replace: 'epoch: Math.max(1, epoch)' }],
  },
  {
    name: 'forgets what a resent key has done',
    changes: [{ file: `${room}/writer.ts`, find: 'if (done) return', replace: 'if (false) return' }],
  },
  {
    name: 'does not check what the writer has seen',
    changes: [{ file: `${room}/rules.ts`, find: '  checkExpected(fold, write);', replace: '' }],
  },
  {
    name: 'writes on behind a seal',
    changes: [{ file: `${room}/generation.ts`, find: 'if (fold.nextEpoch !== undefined)', replace: 'if (false)' }],
  },
  {
    name: 'compacts before it archives',
    changes: [
      {
        file: `${room}/compaction.ts`,
        find: 'await options.archive.store(log.clusterName, log.epoch, changes)',
        replace: '0',
      },
    ],
  },
  {
    name: 'collects chunks without asking who names them',
    changes: [
      { file: `${room}/collection.ts`, find: 'const isNeeded = named.has(', replace: 'const isNeeded = !named.has(' },
    ],
  },
  {
    name: 'calls an unsettled put a failure',
    changes: [{ file: `${room}/writer.ts`, find: 'if (!attempt.inDoubt)', replace: 'if (true)' }],
  },
];

// Started by npm or jest, both from the root of the repository.
const root = resolve('.');

/** Bundles the simulated cluster, with a mutant planted or as it is. */
export async function bundleWorld(outfile: string, mutant?: Mutant): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/support/table-world-main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    // The simulation speaks to no server.
    external: ['@aws-sdk/client-dynamodb'],
    plugins: mutant ? [plant(mutant)] : [],
  });
}

function plant(mutant: Mutant): Plugin {
  return {
    name: 'mutant',
    setup({ onLoad }) {
      onLoad({ filter: /\/server\/(configuration|cluster)\/.*\.ts$/ }, ({ path }) => {
        const changes = mutant.changes.filter(({ file }) => path === join(root, file));
        const contents = changes.reduce(
          (text, change) => replaceOnce(text, change, mutant),
          readFileSync(path, 'utf8'),
        );
        return { contents, loader: 'ts' };
      });
    },
  };
}

function replaceOnce(text: string, { file, find, replace }: Mutant['changes'][number], { name }: Mutant): string {
  const count = text.split(find).length - 1;
  if (count !== 1) throw new Error(`${name}: ${file} has ${JSON.stringify(find)} ${count} times, not once`);
  return text.replace(find, () => replace);
}
