import type { ManagementClient } from '../../client/index.ts';
import { type ConfigurationKind, kinds } from '../../contract/kinds.ts';
import type { ImportStepView } from '../../contract/management.ts';
import { CommandError } from '../command-error.ts';

/** What an action works with. */
interface ActionContext {
  readonly client: ManagementClient;
  /** What follows the name of the action. */
  readonly words: readonly string[];
  readonly flags: ActionFlags;
  /** The text of a file, or of the standard input for `-`. */
  readonly readFile: (path: string) => string;
  /** Writes to the standard output. */
  readonly write: (text: string) => void;
}

interface ActionFlags {
  readonly filter?: readonly string[];
  readonly sort?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly by?: string;
  readonly from?: string;
  readonly to?: string;
  readonly csv?: boolean;
  readonly 'dry-run'?: boolean;
  readonly 'remove-others'?: boolean;
  readonly reason?: string;
  readonly passphrase?: string;
}

interface Action {
  readonly usage: string;
  readonly summary: string;
  run(context: ActionContext): Promise<void>;
}

/** Every action of `spectrum config`; refusals and help are derived from it. */
export const actions: Readonly<Record<string, Action>> = {
  status: { usage: '', summary: 'the cluster and its nodes, with how far they lag', run: showStatus },
  list: { usage: 'KIND [--filter FIELD=VALUE]… [--sort FIELD,…]', summary: 'objects, one a line', run: listObjects },
  get: { usage: 'KIND NAME', summary: 'one object', run: getObject },
  put: { usage: 'KIND NAME FILE [--reason TEXT]', summary: 'creates or replaces one object', run: putObject },
  delete: { usage: 'KIND NAME [--reason TEXT]', summary: 'deletes one object', run: deleteObject },
  history: { usage: 'KIND NAME', summary: 'who changed it, when, and what; newest first', run: showHistory },
  restore: { usage: 'KIND NAME REVISION [--reason TEXT]', summary: 'gives it an earlier value', run: restoreObject },
  audit: {
    usage: '[--by USER] [--kind KIND] [--name NAME] [--from TIME] [--to TIME] [--csv]',
    summary: 'the audit log, newest first',
    run: showAudit,
  },
  export: {
    usage: '[--kind KIND] [--name NAME] [--passphrase TEXT]',
    summary: 'the configuration as one file; with a passphrase its hidden fields too, sealed',
    run: exportFile,
  },
  import: {
    usage: 'FILE [--dry-run] [--remove-others] [--passphrase TEXT] [--reason TEXT]',
    summary: 'brings the objects of a file in, or lists what that would do',
    run: importFile,
  },
};

async function showStatus({ client, write }: ActionContext): Promise<void> {
  print(write, { ...(await client.cluster()), nodes: await client.nodes() });
}

async function listObjects({ client, words, flags, write }: ActionContext): Promise<void> {
  const { filter, sort } = flags;
  const query = { ...(filter && { filter }), ...(sort !== undefined && { sort }) };
  for await (const object of client.objects(kindOf(words)).list(query)) write(`${JSON.stringify(object)}\n`);
}

async function getObject({ client, words, write }: ActionContext): Promise<void> {
  print(write, (await client.objects(kindOf(words)).get(nameOf(words))).value);
}

async function putObject({ client, words, flags, readFile, write }: ActionContext): Promise<void> {
  const [, , file] = words;
  if (file === undefined) throw new CommandError('usage', 'config put: FILE is missing; name a file of JSON, or -');
  const [objects, name] = [client.objects(kindOf(words)), nameOf(words)];
  const value = parseJson(file, readFile(file));
  const found = await objects.find(name);
  const saved = found
    ? await objects.put(name, value, found, reasonOf(flags))
    : await objects.create(name, value, reasonOf(flags));
  print(write, saved.value);
}

async function deleteObject({ client, words, flags }: ActionContext): Promise<void> {
  const [objects, name] = [client.objects(kindOf(words)), nameOf(words)];
  await objects.delete(name, await objects.get(name), reasonOf(flags));
}

async function showHistory({ client, words, write }: ActionContext): Promise<void> {
  for await (const entry of client.objects(kindOf(words)).history(nameOf(words))) write(`${JSON.stringify(entry)}\n`);
}

async function restoreObject({ client, words, flags, write }: ActionContext): Promise<void> {
  const [, , revision] = words;
  if (revision === undefined)
    throw new CommandError('usage', 'config restore: REVISION is missing; take one of the history');
  const restored = await client.objects(kindOf(words)).restore(nameOf(words), revision, reasonOf(flags));
  print(write, restored.value);
}

async function showAudit({ client, flags, write }: ActionContext): Promise<void> {
  const { by: user, kind, name, from, to } = flags;
  const query = Object.fromEntries(
    Object.entries({ user, kind, name, from, to }).filter(([, value]) => value !== undefined),
  );
  if (flags.csv) return write(await client.auditLogCsv(query));
  for await (const entry of client.auditLog(query)) write(`${JSON.stringify(entry)}\n`);
}

async function exportFile({ client, flags, write }: ActionContext): Promise<void> {
  const text = await client.exportConfiguration(flags.passphrase);
  if (flags.kind === undefined && flags.name === undefined) return write(text);
  const file = JSON.parse(text) as { readonly objects: readonly { readonly kind: string; readonly name: string }[] };
  const objects = file.objects.filter(
    ({ kind, name }) => (flags.kind ?? kind) === kind && (flags.name ?? name) === name,
  );
  print(write, { ...file, objects });
}

async function importFile({ client, words, flags, readFile, write }: ActionContext): Promise<void> {
  const [file] = words;
  if (file === undefined)
    throw new CommandError('usage', 'config import: FILE is missing; name an exported file, or -');
  const { passphrase, reason } = flags;
  const steps = client.importConfiguration(readFile(file), {
    dryRun: flags['dry-run'] ?? false,
    others: flags['remove-others'] ? 'remove' : 'keep',
    ...(reason !== undefined && { reason }),
    ...(passphrase !== undefined && { passphrase }),
  });
  let last: ImportStepView | undefined;
  let refused = 0;
  for await (const step of steps) {
    write(`${JSON.stringify(step)}\n`);
    last = step;
    if (step.problem !== undefined) refused++;
  }
  if (refused === 0) return;
  throw new CommandError(
    'configurationRefused',
    `config import: ${refused} refused, such as: ${last?.problem ?? 'see above'}`,
  );
}

function kindOf([kind = '']: readonly string[]): ConfigurationKind {
  if (Object.hasOwn(kinds, kind)) return kind as ConfigurationKind;
  throw new CommandError('usage', `config: "${kind}" is not a kind; use ${Object.keys(kinds).join(', ')}`);
}

function nameOf([, name]: readonly string[]): string {
  if (name !== undefined) return name;
  throw new CommandError('usage', 'config: NAME is missing; give the name of the object');
}

function reasonOf({ reason }: ActionFlags): { readonly reason?: string } {
  return reason === undefined ? {} : { reason };
}

function parseJson(file: string, text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new CommandError('usage', `config: ${file} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function print(write: ActionContext['write'], value: object): void {
  write(`${JSON.stringify(value, undefined, 2)}\n`);
}
