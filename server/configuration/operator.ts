import { SpectrumError } from '../foundation/errors.ts';
import { openFolderArchive } from './archive.ts';
import { collectGarbage } from './collection.ts';
import { compactLog } from './compaction.ts';
import { startEpoch } from './epochs.ts';
import { historyOf, restoreObject } from './history.ts';
import { isConfigurationKind } from './kinds.ts';
import type { ConfigurationDatabase, ConfigurationKind } from './model.ts';
import type { Table } from './table.ts';
import { exportConfiguration, importConfiguration, parseConfigurationFile, planImport } from './transfer.ts';

export interface OperatorFlags {
  readonly dryRun: boolean;
  readonly others: 'keep' | 'remove';
  readonly by: string;
  readonly reason: string;
  /** Folder for the payloads of compacted changes. */
  readonly archive: string;
  readonly retainDays: number;
}

export interface OperatorContext {
  readonly table: Table;
  /** Where the epoch of now is written; undefined when that region cannot be reached. */
  readonly authority: Table | undefined;
  readonly clusterName: string;
  readonly configuration: ConfigurationDatabase;
  /** What follows the command's name. */
  readonly words: readonly string[];
  readonly flags: OperatorFlags;
  readonly readFile: (path: string) => string;
}

interface OperatorCommand {
  readonly words: string;
  readonly summary: string;
  run(context: OperatorContext): unknown;
}

const dayMs = 86_400_000;

/** Every command of the operator's program. */
export const operatorCommands: Readonly<Record<string, OperatorCommand>> = {
  status: {
    words: '',
    summary: 'epoch, revision, home and digest of the configuration',
    run: ({ configuration }) => configuration.status(),
  },
  backup: {
    words: '',
    summary: 'the whole configuration as one file, hidden fields included; safe while the cluster runs',
    run: ({ configuration }) => exportConfiguration(configuration.snapshot(), { hidden: 'included' }),
  },
  export: {
    words: '',
    summary: 'the whole configuration as one file, without hidden fields',
    run: ({ configuration }) => exportConfiguration(configuration.snapshot(), { hidden: 'left-out' }),
  },
  import: {
    words: 'FILE [--remove-others] [--dry-run]',
    summary: 'brings the objects of a file into the configuration; tells what it did, or would do',
    run: importFile,
  },
  history: {
    words: 'KIND NAME',
    summary: 'who changed an object, when and why, newest first',
    run: listHistory,
  },
  restore: {
    words: 'KIND NAME REVISION',
    summary: 'gives an object the value it had at a revision',
    run: ({ configuration, words, flags }) => {
      const [kind, name = '', revision] = words;
      return restoreObject(configuration, { kind: kindOf(kind), name, revision: Number(revision) }, flags.by).then(
        ({ epoch, revision: at }) => ({ epoch, revision: at }),
      );
    },
  },
  'move-home': {
    words: 'REGION [--reason TEXT] [--dry-run]',
    summary: 'a planned move: the region of now stops writing, the named one goes on',
    run: moveHome,
  },
  'start-epoch': {
    words: '[REGION] [--reason TEXT] [--dry-run]',
    summary: 'a forced move or restore in place: a new log from what can be read; lists what may be lost',
    run: ({ table, authority, clusterName, words, flags }) =>
      startEpoch({
        table,
        authority,
        clusterName,
        home: words[0],
        by: flags.by,
        reason: flags.reason,
        nowMs: Date.now(),
        dryRun: flags.dryRun,
      }),
  },
  compact: {
    words: '--archive FOLDER [--retain-days N]',
    summary: 'moves the payloads of old changes into the archive',
    run: compact,
  },
  collect: {
    words: '',
    summary: 'removes old snapshots and pieces of large values that nothing names any more',
    run: collect,
  },
};

async function importFile({ configuration, words, flags, readFile }: OperatorContext): Promise<unknown> {
  const file = parseConfigurationFile(readFile(words[0] ?? ''));
  const steps = flags.dryRun
    ? planImport(configuration.snapshot(), file, flags.others)
    : await importConfiguration(configuration, file, flags);
  return { dryRun: flags.dryRun, changes: steps.map(({ operation, kind, name }) => ({ operation, kind, name })) };
}

async function listHistory({ configuration, words }: OperatorContext): Promise<unknown> {
  const [kind, name = ''] = words;
  const entries: unknown[] = [];
  for await (const entry of historyOf(configuration, { kind: kindOf(kind), name })) entries.push(entry);
  return entries;
}

async function moveHome({ configuration, words, flags }: OperatorContext): Promise<unknown> {
  const [home] = words;
  if (!home) throw new SpectrumError('INVALID_REQUEST', 'REGION is missing; name the region that goes on', {});
  const before = configuration.snapshot();
  if (flags.dryRun) return { dryRun: true, from: before.home, to: home, sealedAfter: before.revision };
  const { epoch, revision } = await configuration.moveHome(home, flags.by, flags.reason);
  return { from: before.home, to: home, epoch, revision };
}

async function compact({ table, authority, clusterName, configuration, flags }: OperatorContext): Promise<unknown> {
  if (!flags.archive)
    throw new SpectrumError('INVALID_REQUEST', '--archive is missing; name the folder of the archive', {});
  if (!authority)
    throw new SpectrumError('CONFIGURATION_UNAVAILABLE', 'The region that writes does not answer; compact later', {});
  const log = { table, authority: () => authority, clusterName, epoch: configuration.snapshot().epoch };
  const retainMs = flags.retainDays * dayMs;
  return compactLog(log, { archive: openFolderArchive(flags.archive), nowMs: Date.now(), retainMs });
}

async function collect({ table, authority, clusterName, configuration }: OperatorContext): Promise<unknown> {
  if (authority !== table)
    throw new SpectrumError('CONFIGURATION_SEALED', 'Another region writes; collect there, with --region', {});
  return collectGarbage({ table, authority: () => table, clusterName, epoch: configuration.snapshot().epoch });
}

function kindOf(word: string | undefined): ConfigurationKind {
  if (word !== undefined && isConfigurationKind(word)) return word;
  throw new SpectrumError('INVALID_REQUEST', `KIND: ${JSON.stringify(word ?? '')} is unknown`, { kind: word });
}
